/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), parsed as they come in. */

/** An event as it came: `id` is the last id that the stream said, `data` null for a message that only says an id. */
export interface ServerSent {
  readonly id: string;
  readonly event: string;
  readonly data: string | null;
}

/** More than any event of the ledger: what is longer does not come from one. */
const EVENT_MAX = 16 * 1024 * 1024;

/** The stream is not one of server-sent events. */
export class NotAnEventStream extends Error {
  /** What came instead, or its beginning. */
  readonly text: string;
  constructor(why: string, text: string) {
    super(why);
    this.text = text;
  }
}

/** Events of a body's bytes, however they are cut into pieces. Whoever stops early cancels the body. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const message = newMessage();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      rest += decoder.decode(read.value, { stream: true });
      // A line feed after a carriage return may still be on its way.
      const end = rest.endsWith('\r') ? rest.length - 1 : rest.length;
      const lines = rest.slice(0, end).split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? '') + rest.slice(end);
      if (rest.length > EVENT_MAX)
        throw new NotAnEventStream(`with a line of more than ${EVENT_MAX} characters`, rest);
      for (const line of lines) {
        const sent = message.take(line);
        if (sent) yield sent;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const newMessage = () => {
  let id = '';
  let event = '';
  let data: string[] = [];
  let size = 0;
  let saysId = false;
  return {
    /** Takes a line; gives the message that an empty one ends. */
    take: (line: string): ServerSent | null => {
      if (line === '') {
        const sent = { id, event: event || 'message', data: data.length > 0 ? data.join('\n') : null };
        const isWorth = sent.data !== null || saysId;
        [event, data, size, saysId] = ['', [], 0, false];
        return isWorth ? sent : null;
      }
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (name === 'event') event = value;
      if (name === 'data') {
        data.push(value);
        size += value.length + 1;
        if (size > EVENT_MAX)
          throw new NotAnEventStream(`with an event of more than ${EVENT_MAX} characters`, data[0] ?? '');
      }
      if (name === 'id' && !value.includes('\0')) [id, saysId] = [value, true];
      return null;
    },
  };
};
