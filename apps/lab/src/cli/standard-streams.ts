// The process's own stdout and stderr, and what becomes of the exit code when one of them takes no more.
import { fstatSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type ExitCode, reportError } from './failure.ts';
import { writeProblem } from './file-problem.ts';
import { guarded, type TerminalStream } from './terminal.ts';
import { writeAll } from './write-all.ts';

/** A stream of the process, and the error that ended it. */
interface StandardStream {
  readonly stream: TerminalStream;
  readonly lost: NodeJS.ErrnoException | null;
}

/**
 * Runs a program on the process's own streams.
 *
 * A reader that has gone away (`idspace … | head`) ends the output and nothing else: files are still written, and a gate still decides. Output that
 * is lost otherwise, such as on a full disk, is told on stderr, with exit code 3.
 * @param name What errors call the program.
 */
export async function onStandardStreams(
  name: string,
  program: (streams: { out: TerminalStream; err: TerminalStream }) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [out, err] = [standardStream(1), standardStream(2)];
  process.on('uncaughtException', (error) => {
    // A fault of ours; not exit code 1, which says that a gate tripped.
    reportError(error, name, guarded({ out: out.stream, err: err.stream, folder: '', env: process.env }));
    process.exit(3);
  });
  const exitCode = await program({ out: out.stream, err: err.stream });
  await written(out);
  const { lost } = out;
  if (lost !== null && lost.code !== 'EPIPE') {
    err.stream.write(
      `${name}: stdout: got ${writeProblem(lost)}, expected to write all of the output: it is not whole\n`,
    );
  }
  await written(err);
  return lost === null || lost.code === 'EPIPE' ? exitCode : 3;
}

function standardStream(fd: 1 | 2): StandardStream {
  const stream = isFile(fd) ? new FileStream(fd) : fd === 1 ? process.stdout : process.stderr;
  let lost: NodeJS.ErrnoException | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    lost ??= error;
  });
  return {
    stream,
    get lost() {
      return lost;
    },
  };
}

function isFile(fd: number): boolean {
  try {
    // With bigint, a look at a pipe has no consequences for modules that are imported later: see output/output-file.ts.
    return fstatSync(fd, { bigint: true }).isFile();
  } catch {
    return false; // closed: writing to it will tell
  }
}

/** Waits until all that was written is written, or lost. */
function written({ stream }: StandardStream): Promise<void> {
  // The error of a write is told after its callback. A stream that has failed calls none back any more.
  return new Promise((resolve) => {
    const told = (): void => void setImmediate(resolve);
    if ((stream as Writable).errored) told();
    else stream.write('', told);
  });
}

/** Writes to an open file, to the last byte: a disk that runs full takes a part of a write, and Node's own stream leaves it at that. */
class FileStream extends Writable {
  private readonly fd: number;

  constructor(fd: number) {
    super({ autoDestroy: false, decodeStrings: true });
    this.fd = fd;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    try {
      writeAll(this.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}
