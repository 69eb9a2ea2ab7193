import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';

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

/** Returns the path of the pnpm that npx brings, for programs that start one themselves. */
export function pnpmProgram(): string {
  const command = ['--yes', '--package', 'pnpm@12', '--call', 'command -v pnpm'];
  return realpathSync(execFileSync('npx', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim());
}
