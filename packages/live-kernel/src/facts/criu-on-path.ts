// Which CRIU is installed here.
import { spawnSync } from 'node:child_process';

const MOST_MS = 1000;

/** Asks the criu on the PATH for its version, as '4.2'; a second at most. */
export function criuOnPath(): string | { why: string } {
  // biome-ignore format: what belongs together stands in a row
  const { error, stdout } = spawnSync('criu', ['--version'], {
    encoding: 'utf8', timeout: MOST_MS, killSignal: 'SIGKILL', maxBuffer: 65_536,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== undefined)
    return { why: code === 'ENOENT' ? 'there is no criu on the PATH' : `criu --version: ${code}` };
  const version = /^Version:\s*v?(\d+\.\d+(?:\.\d+)?)/m.exec(stdout)?.[1];
  return version ?? { why: '`criu --version` names no version' };
}
