// The lines of a file that may be anything.
import { createReadStream } from 'node:fs';
import { unusable } from './failure.ts';

const NEWLINE = 10;
const RETURN = 13;

/** How much is read. */
export interface LineLimits {
  lines: number;
  /** Bytes of a line. */
  line: number;
}

/**
 * Yields the lines of a file without their ends.
 *
 * @param name Names the file in errors.
 * @throws CommandError (exit code 3) if it cannot be read, or is past a limit; memory stays within one line.
 */
export async function* linesOf(path: string, name: string, limits: LineLimits): AsyncGenerator<string> {
  let number = 0;
  let rest: Buffer[] = [];
  let kept = 0;
  const line = (end: Buffer): string => {
    if (++number > limits.lines) throw unusable(name, `more lines than ${limits.lines}`, 'fewer');
    const bytes = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    [rest, kept] = [[], 0];
    return bytes.toString('utf8', 0, bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length);
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield line(chunk.subarray(from, at));
      from = at + 1;
    }
    if (from === chunk.length) continue;
    rest.push(chunk.subarray(from));
    kept += chunk.length - from;
    if (kept <= limits.line) continue;
    throw unusable(`${name}:${number + 1}`, `a line of more than ${limits.line} bytes`, 'shorter ones');
  }
  if (kept > 0) yield line(Buffer.alloc(0));
}
