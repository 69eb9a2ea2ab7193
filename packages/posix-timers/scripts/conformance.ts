// pnpm --silent conformance [FILE…]: plays recordings of real kernels on the model of the release each was made on.
// Exit 0: no scenario failed; 1: one did; 2: misuse, or a file that cannot be read or is not a recording.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Difference,
  parseRecording,
  RecordingError,
  type Report,
  runRecording,
} from '../src/conformance/index.ts';

const USAGE = `Usage: pnpm --silent conformance [FILE…]

Plays recorded scenarios of real kernels on the model of their release and compares every step.
FILE  a recording (JSON), relative to where you stand; without any: those of the package's tests.`;

const GIVEN = fileURLToPath(new URL('../test/ground-truth/', import.meta.url));

/** What is found where a recording should be, by error number. */
const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no file'],
  ['ENOTDIR', 'no file'],
  ['EISDIR', 'a directory'],
  ['EACCES', 'a file that may not be read'],
]);

function main(args: readonly string[]): number {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const option = args.find((arg) => arg.startsWith('-'));
  if (option !== undefined) return misuse(`unknown option ${option}\n\n${USAGE}`);
  try {
    const reports = recordings(args).map((path) => [path, play(path)] as const);
    for (const [path, report] of reports) print(basename(path), report);
    const sum = (count: (report: Report) => number): number => reports.reduce((n, [, report]) => n + count(report), 0);
    const failed = sum((report) => report.failed.length);
    const skipped = sum((report) => report.skipped.length);
    console.log(`${sum((report) => report.passed)} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof RecordingError) return misuse(error.message);
    throw error;
  }
}

/** Returns the files to play. Under pnpm they are relative to where the user stands, not to the root. */
function recordings(args: readonly string[]): string[] {
  if (args.length > 0) return args.map((path) => resolve(process.env.INIT_CWD ?? '.', path));
  return readdirSync(GIVEN)
    .filter((name) => name.endsWith('.json'))
    .map((name) => resolve(GIVEN, name));
}

function play(path: string): Report {
  return runRecording(parseRecording(read(path), path), path);
}

/** @throws RecordingError if the file cannot be read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new RecordingError('unreadable', path, 'a recording', UNREADABLE.get(code) ?? message, cause);
  }
}

function print(file: string, report: Report): void {
  for (const difference of report.failed) console.log(`FAIL ${file} ${describe(difference)}`);
  for (const scenario of report.skipped) console.log(`skip ${file} ${scenario}: depends on the machine or on time`);
}

function describe({ scenario, step, op, expected, got }: Difference): string {
  const shown = typeof got === 'string' ? got : JSON.stringify(got);
  return `${scenario}, step ${step}, ${op}: expected ${JSON.stringify(expected)}, got ${shown}`;
}

function misuse(text: string): number {
  console.error(`conformance: ${text}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
