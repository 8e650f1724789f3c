/** Events by which servers that write to one account ask each other to pause, in the stream `turns`. */
import * as z from 'zod';

export const turnEvents = {
  /** A server that lost every race of appends to an account asks the others to leave it alone for a while. */
  TurnAsked: z.object({ account: z.string(), server: z.string() }),
};
