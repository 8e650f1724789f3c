import type { Command } from './command.ts';
export const rebuild: Command = { usage: 'rebuild', what: '', words: [0, 0], run: async () => 0 };
