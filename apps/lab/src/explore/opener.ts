// Opens a page with what the desktop opens pages with.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Terminal } from '../cli/terminal.ts';

/** A program that opens a URL, and the arguments that come before it. */
export interface Opener {
  command: string;
  args: readonly string[];
}

/** Finds the opener; undefined where there is no desktop, or nothing that opens pages. */
export function openerOf(env: Terminal['env'], platform: string = process.platform): Opener | undefined {
  if (platform === 'darwin') return { command: 'open', args: [] };
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] }; // no shell reads the URL
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  return isInPath('xdg-open', env.PATH ?? '') ? { command: 'xdg-open', args: [] } : undefined;
}

function isInPath(command: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

const PATIENCE_MS = 3000;

/**
 * Opens a URL. An opener that is still at it after 3 s is left alone: some stay as long as the browser.
 *
 * @returns What went wrong; undefined if nothing did.
 */
export function openPage({ command, args }: Opener, url: string, env: Terminal['env']): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore', env: env as NodeJS.ProcessEnv });
    const timer = setTimeout(() => {
      child.unref();
      resolve(undefined);
    }, PATIENCE_MS);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) =>
      end(code === 0 ? undefined : `${command} ended with ${signal ?? `code ${code}`}`),
    );
  });
}
