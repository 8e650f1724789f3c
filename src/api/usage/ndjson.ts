/**
 * NDJSON as it streams in: reports a part at a time, at constant memory however long the stream or one of its lines.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { openPauses } from '../../async/pauses.ts';
import { REPORT_MAX, reportOfLine, reportOfText, type UsageReport } from '../../input/usage-report.ts';
import { lineBlocks } from '../../text/byte-lines.ts';
import { withoutMark } from '../../text/utf8.ts';
import { sifted } from './junk-lines.ts';

/** Approximate number of lines and bytes of a part. */
const LINES = 1_000;
const PART_BYTES = 512 * 1024;
/** Bytes of a block that count as one step of work. */
const STEP = 1024;
const FEED = 0x0a;

export interface Lines {
  readonly reports: readonly UsageReport[];
  /** The place of each report among all lines of the part; lines between them are not records, and were not read. */
  readonly places: readonly number[];
  /** Number of non-empty lines of the part. */
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
  for await (const { bytes: own, length } of lineBlocks(unmarked(pieces), REPORT_MAX)) {
    const block = Buffer.from(own.buffer, own.byteOffset, own.length);
    for (const report of reportsOf(block, length, isBrief())) {
      if (typeof report === 'number') lines += report;
      else {
        reports.push(report);
        places.push(lines);
        lines += 1;
      }
      const next = pause();
      if (next) await next;
      if (reports.length === LINES) yield part();
    }
    // Empty lines are no reports: a block of them is work too, and the next block may be at hand already.
    const turn = pause(1 + Math.floor(block.length / STEP));
    if (turn) await turn;
    bytes += block.length;
    if (bytes >= PART_BYTES && lines > 0) yield part();
  }
  if (lines > 0) yield part();
}

/** Without the byte order mark that the first may begin with. */
async function* unmarked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of pieces) {
    yield isFirst ? withoutMark(piece) : piece;
    isFirst = false;
  }
}

/** The reports of a block, or the number of lines skipped; empty lines are ignored. */
function* reportsOf(bytes: Buffer, length: number | null, isBrief: boolean): Generator<UsageReport | number> {
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
