// The nodes of a placement: several targets, each with a name.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Target } from '@idspace/restore-planner';
import { CommandError, misuse, unusable } from '../../cli/failure.ts';
import { readProblem } from '../../cli/file-problem.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { printable } from '../../format/printable.ts';
import { TODAY } from '../compare.ts';
import { LIVE, targetAt } from '../target-at.ts';

/** A machine that checkpoints may go to. */
export interface PlacementNode {
  /** The name of its file, without .json. */
  name: string;
  /** The file as the user would name it, or 'live'. */
  path: string;
  target: Target;
  kernel: string;
  criu: string;
}

/** A pair that is stated for all nodes. */
export interface StatedPair {
  kernel?: string;
  criu?: string;
}

const MOST_NODES = 10_000;
const MOST_BYTES = 2 ** 28; // of all files: they are all in memory
const ENDING = '.json';

/** Whether what `--on` names is several targets: a folder of them, or more than one. */
export async function areSeveral(on: readonly string[], folder: string): Promise<boolean> {
  return on.length > 1 || (on[0] !== undefined && (await isFolder(on[0], folder)));
}

/** 'live' is this machine, whatever is called so. */
async function isFolder(path: string, folder: string): Promise<boolean> {
  if (path === LIVE) return false;
  return (await stat(resolve(folder, path)).catch(() => undefined))?.isDirectory() === true;
}

/**
 * Reads the nodes that `--on` names: in the order given, those of a folder by name.
 *
 * One that cannot be read ends it: without it the answer would be that of a smaller fleet.
 * @throws CommandError (exit code 2) for two nodes of one name; (3) for a folder without targets, and as {@link targetAt}.
 */
export async function nodesAt(
  on: readonly string[],
  stated: StatedPair,
  { folder }: Pick<Terminal, 'folder'>,
): Promise<PlacementNode[]> {
  const paths = (await Promise.all(on.map((path) => targetsIn(path, folder)))).flat();
  checkNames(paths);
  if (paths.length > MOST_NODES) {
    throw misuse('--on', `${paths.length} nodes`, `at most ${MOST_NODES} a run`);
  }
  await checkBytes(paths, folder);
  const nodes: PlacementNode[] = [];
  for (const path of paths) {
    const target = await targetAt(path, folder);
    const { kernel = TODAY.kernel, criu = TODAY.criu } = { ...target, ...stated };
    nodes.push({ name: nameOf(path), path, target, kernel, criu });
  }
  return nodes;
}

async function targetsIn(path: string, folder: string): Promise<string[]> {
  if (!(await isFolder(path, folder))) return [path];
  const names = await readdir(resolve(folder, path)).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandError('input', `--on: ${printable(path)} cannot be read: ${readProblem(cause)}`, { cause });
  });
  const targets = names.filter((name) => name.endsWith(ENDING) && !name.startsWith('.')).sort();
  if (targets.length > 0) return targets.map((name) => (path.endsWith('/') ? `${path}${name}` : `${path}/${name}`));
  const expected = 'one for each node, as `idspace probe --facts > NODE.json` writes it';
  throw new CommandError('input', `--on: ${printable(path)} has no file *${ENDING}, expected ${expected}`);
}

function nameOf(path: string): string {
  return basename(path, ENDING);
}

function checkNames(paths: readonly string[]): void {
  const pathOf = new Map<string, string>();
  for (const path of paths) {
    const name = nameOf(path);
    const other = pathOf.get(name);
    if (other !== undefined) {
      const got = `--on: got two nodes called ${printable(name)}, ${printable(other)} and ${printable(path)}`;
      throw new CommandError('misuse', `${got}, expected a name of its own for each: that of its file`);
    }
    pathOf.set(name, path);
  }
}

async function checkBytes(paths: readonly string[], folder: string): Promise<void> {
  let bytes = 0;
  for (const path of paths) {
    if (path !== LIVE) bytes += (await stat(resolve(folder, path)).catch(() => undefined))?.size ?? 0;
    if (bytes <= MOST_BYTES) continue;
    throw unusable(
      '--on',
      `more than ${MOST_BYTES} bytes of targets`,
      'fewer nodes a run, or fewer numbers in "taken"',
    );
  }
}

/** Tells one target from another: shards of one run must have had the same. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
