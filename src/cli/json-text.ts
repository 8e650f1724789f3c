/** JSON that a file or a flag holds: read without loss, or wrong use. */
import { strictJson } from '../text/strict-json.ts';
import { WrongUse } from './command.ts';

/**
 * The value of a JSON text, which `what` names. Throws WrongUse if it is not JSON, or not all of it could be read: a
 * member that stands twice, a number that a double does not hold.
 */
export const jsonText = (text: string, what: string): unknown => {
  const json = strictJson(text);
  if (json.ok) return json.value;
  const { field, detail } = json.fault;
  throw new WrongUse(field === '' ? `${what} ${detail}` : `${what}: ${field} ${detail}`);
};
