/**
 * NDJSON as it streams in: reports a part at a time, at constant memory however long the stream or one of its lines.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { openPauses } from '../../async/pauses.ts';
import { REPORT_MAX, reportOfLine, reportOfText, type UsageReport } from '../../input/usage-report.ts';
import { sifted } from './junk-lines.ts';

/** Lines of a part, and about so many bytes. */
const LINES = 1_000;
const PART_BYTES = 512 * 1024;
const FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

export interface Lines {
  readonly reports: readonly UsageReport[];
  /** The place of each report among all lines of the part; lines between them are not records, and were not read. */
  readonly places: readonly number[];
  /** Lines of the part, empty ones left out. */
  readonly lines: number;
}

/** Lines of a stream, a part at a time. `isBrief`: those that can be no record are only counted. */
export async function* usageLines(
  pieces: AsyncIterable<Buffer>,
  isBrief: () => boolean,
): AsyncGenerator<Lines> {
  const pause = openPauses();
  let [reports, places, lines, bytes]: [UsageReport[], number[], number, number] = [[], [], 0, 0];
  const part = (): Lines => {
    const done = { reports, places, lines };
    [reports, places, lines, bytes] = [[], [], 0, 0];
    return done;
  };
  for await (const block of wholeLines(pieces)) {
    for (const report of reportsOf(block, isBrief())) {
      if (typeof report === 'number') lines += report;
      else {
        reports.push(report);
        places.push(lines);
        lines += 1;
      }
      const turn = pause();
      if (turn) await turn;
      if (reports.length === LINES) yield part();
    }
    bytes += block.bytes.length;
    if (bytes >= PART_BYTES && lines > 0) yield part();
  }
  if (lines > 0) yield part();
}

interface Block {
  /** Whole lines, or the beginning of one that is longer than it. */
  readonly bytes: Buffer;
  /** Bytes of that one line; null for whole lines. */
  readonly length: number | null;
}

/** Bytes up to the last line feed of what came; of a line that does not end soon its beginning, and its length. */
async function* wholeLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let rest: Buffer[] = [];
  let kept = 0;
  let length = 0;
  const keep = (bytes: Buffer): void => {
    length += bytes.length;
    const room = REPORT_MAX - kept;
    if (room <= 0) return;
    // A copy: what is kept of a line must not keep the whole piece it came in.
    rest.push(Buffer.from(bytes.subarray(0, room)));
    kept += Math.min(room, bytes.length);
  };
  const line = (): Block => {
    const block = { bytes: Buffer.concat(rest), length: length > kept ? length : null };
    [rest, kept, length] = [[], 0, 0];
    return block;
  };
  let isFirst = true;
  for await (const piece of pieces) {
    const bytes = isFirst ? withoutMark(piece) : piece;
    isFirst = false;
    let from = 0;
    if (length > 0) {
      const end = bytes.indexOf(FEED);
      keep(end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) continue;
      yield line();
      from = end + 1;
    }
    const last = bytes.lastIndexOf(FEED);
    if (last >= from) yield { bytes: bytes.subarray(from, last), length: null };
    if (Math.max(last + 1, from) < bytes.length) keep(bytes.subarray(Math.max(last + 1, from)));
  }
  if (length > 0) yield line();
}

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;

/** The reports of a block, or how many lines were not read; empty lines are left out. */
function* reportsOf({ bytes, length }: Block, isBrief: boolean): Generator<UsageReport | number> {
  if (length !== null) yield reportOfLine(bytes, length);
  else if (isBrief) {
    for (const own of sifted(bytes))
      if (typeof own === 'number') yield own;
      else if (!isBlank(own)) yield reportOfLine(own);
  } else if (isUtf8(bytes)) {
    for (const line of bytes.toString('utf8').split('\n')) if (line.trim() !== '') yield reportOfText(line);
  } else {
    let from = 0;
    while (from <= bytes.length) {
      const feed = bytes.indexOf(FEED, from);
      const end = feed < 0 ? bytes.length : feed;
      const own = bytes.subarray(from, end);
      if (!isBlank(own)) yield reportOfLine(own);
      from = end + 1;
    }
  }
}

const isBlank = (bytes: Buffer): boolean => isUtf8(bytes) && bytes.toString('utf8').trim() === '';
