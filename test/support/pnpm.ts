import { execFileSync } from 'node:child_process';

/** Runs pnpm: the one that runs these tests, or the one that npx brings. Returns its stdout. */
export function pnpm(args: string[], cwd: string): string {
  const current = process.env.npm_execpath;
  const [command, ...before] =
    current && /pnpm/.test(current)
      ? /\.[cm]?js$/.test(current)
        ? [process.execPath, current]
        : [current]
      : ['npx', '--yes', 'pnpm@12'];
  return execFileSync(command!, [...before, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
