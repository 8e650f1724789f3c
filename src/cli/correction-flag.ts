/** The record and count that `--correct` of a dispute names. */
import * as z from 'zod';
import { strictJson } from '../text/strict-json.ts';
import { WrongUse } from './command.ts';

export interface CorrectionFlag {
  readonly source: string;
  readonly id: string;
  readonly calls: number;
}

const triple = z.tuple([z.string(), z.string(), z.int().min(0)]);

/**
 * Parses `SOURCE,ID,CALLS`, or `["SOURCE","ID",CALLS]` as JSON if a name contains a comma: text with more than two
 * commas would be ambiguous. Throws WrongUse.
 */
export const correctionFlag = (text: string): CorrectionFlag => {
  const [source, id, calls] = text.startsWith('[') ? jsonTriple(text) : commaTriple(text);
  return { source, id, calls };
};

const jsonTriple = (text: string): z.infer<typeof triple> => {
  const read = triple.safeParse(jsonOf(text));
  return read.success ? read.data : refused(text);
};

const jsonOf = (text: string): unknown => {
  const json = strictJson(text);
  return json.ok ? json.value : refused(text);
};

const commaTriple = (text: string): z.infer<typeof triple> => {
  const parts = text.split(',');
  const [source, id, calls] = parts;
  // A count that a number does not hold exactly is none.
  const isCount = calls !== undefined && /^\d+$/.test(calls) && Number.isSafeInteger(Number(calls));
  return parts.length === 3 && source && id && isCount ? [source, id, Number(calls)] : refused(text);
};

const refused = (text: string): never => {
  throw new WrongUse(
    `--correct: ${text} is not a valid record, expected SOURCE,ID,CALLS, or ["SOURCE","ID",CALLS] where a name holds a comma`,
  );
};
