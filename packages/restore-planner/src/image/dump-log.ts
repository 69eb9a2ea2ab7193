// How a dump ended, as its dump.log tells.

const LONGEST = 160; // characters of a line that is shown
const STAMP = /^\(\d+\.\d+\)\s*(?:\d+:\s*)?/; // "(00.012345)", and the process in restore.log

/** Bytes at the end of a log that are looked at. */
export const LOG_END_BYTES: number = 16 * 1024;

/** The end of a log of a dump that failed. */
export interface FailedDump {
  /** Its last line, without its time. */
  last: string;
  /** The first error in its last 16 KiB, if it is another line. */
  error?: string;
}

/** Reads the end of a dump.log; undefined unless it says that the dump failed. */
export function failedDumpIn(end: string): FailedDump | undefined {
  const lines = end
    .split('\n')
    .map((line) => line.replace(STAMP, '').trim())
    .filter(Boolean);
  if (!lines.some((line) => /dumping FAILED/i.test(line))) return undefined;
  const last = shown(lines.at(-1)!);
  const error = lines.find((line) => line.startsWith('Error ('));
  return { last, ...(error !== undefined && shown(error) !== last && { error: shown(error) }) };
}

function shown(line: string): string {
  const plain = line.replace(/\p{Cc}/gu, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
