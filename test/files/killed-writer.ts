/** Writes a file for ever, piece by piece, until it is killed: `node killed-writer.ts PATH`. */
import { openWholeFile } from '../../src/files/whole-file.ts';

const file = await openWholeFile(process.argv[2] ?? '', { overwrite: true });
const piece = new Uint8Array(512 * 1024);
await file.write(piece);
process.stdout.write('writing\n');
for (;;) await new Promise((resolve) => setTimeout(resolve, 1_000));
