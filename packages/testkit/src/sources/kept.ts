// Keeps what takes seconds to make from the sources, for the other processes of a run and for the next run.
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache');
const MAKING = '-making';
/** So long another process is waited for: its thread that makes the files may have ended. */
const PATIENCE_MS = 60_000;

/** Paths of the sources of all packages, and of the list of what is installed: what most things are made of. */
export function sourcesOfPackages(): string[] {
  const sources = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'src'));
  return [...sources.filter((path) => existsSync(path)), join(ROOT, 'pnpm-lock.yaml')];
}

/**
 * Makes files, unless they were made before of what is there now. Of several processes one makes them, and the others wait.
 *
 * @param name What they are: one kind of them is kept. @param inputs Files that they are made of, and folders, with all that is in them.
 * @param make Writes them into a folder.
 * @returns The folder that has them.
 */
export async function kept(
  name: string,
  inputs: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const all = join(CACHE, `idspace-${name}`);
  const place = join(all, stateOf(inputs));
  const lock = `${place}${MAKING}`;
  while (!existsSync(place)) {
    mkdirSync(all, { recursive: true });
    if (take(lock)) await makeInto(place, lock, make);
    else await sleep(20);
  }
  return place;
}

async function makeInto(place: string, lock: string, make: (folder: string) => Promise<void>): Promise<void> {
  const all = dirname(place);
  for (const old of readdirSync(all)) {
    if (!old.includes(MAKING)) rmSync(join(all, old), { recursive: true });
  }
  const folder = mkdtempSync(`${place}${MAKING}-`);
  try {
    await make(folder);
    renameSync(folder, place); // other processes see the whole of it, or nothing
  } catch (error) {
    rmSync(folder, { recursive: true });
    if (!existsSync(place)) throw error; // else another process was first
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes a lock, a link that leads to the number of its process, if there is none, or none whose process goes on. */
function take(lock: string): boolean {
  try {
    symlinkSync(String(process.pid), lock);
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readlinkSync(lock)), 0);
    return Date.now() - lstatSync(lock).mtimeMs < PATIENCE_MS;
  } catch {
    return false;
  }
}

/** A name for the state of files and folders: which there are, of what size, and when they were written. */
function stateOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const inside = statSync(path).isDirectory() ? (readdirSync(path, { recursive: true }) as string[]).sort() : [''];
    for (const name of inside) {
      const { size, mtimeMs } = statSync(join(path, name));
      hash.update(`${join(path, name)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 24);
}
