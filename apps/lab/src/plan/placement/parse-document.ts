// Reading a placement's document back, which may be damaged, or another program's.
import { OUTCOMES, parseTarget, REASON_CODES } from '@idspace/restore-planner';
import { CommandError, unusable } from '../../cli/failure.ts';
import { parseShard, shardName } from '../../cli/shard.ts';
import {
  type Entry,
  type Limits,
  limitsOf,
  type NodeEntry,
  type PlacementDocument,
  type PlacementHeader,
  type PlacementOptions,
} from './document.ts';

const EXPECTED = 'what `idspace plan --json` writes for several nodes';

/** Whether JSON looks like a placement, whatever is wrong with it. */
export function looksLikePlacement(value: unknown): boolean {
  return isObject(value) && 'placement' in value;
}

/**
 * Checks a document.
 *
 * @param name Names its file in errors.
 * @throws CommandError (exit code 3) naming the first part that is not as it should be.
 */
export function checkDocument(value: unknown, name: string): PlacementDocument {
  const { checkpoints, placement } = isObject(value) ? value : {};
  const header = checkHeader(placement, name);
  if (!Array.isArray(checkpoints)) throw refused(name, 'no checkpoints');
  const names = header.nodes.map(({ node }) => node);
  for (const [index, entry] of checkpoints.entries()) checkEntry(entry, names, `${name}, checkpoint ${index + 1}`);
  return { checkpoints: checkpoints as Entry[], placement: header };
}

function checkHeader(value: unknown, name: string): PlacementHeader {
  if (!isObject(value)) throw refused(name, 'no placement');
  const { idspace, shard, found, paths, options, nodes } = value;
  if (!isText(idspace) || !isCount(found) || !isText(paths) || !isObject(options) || !Array.isArray(nodes)) {
    throw refused(name, 'a placement without its idspace, found, paths, options or nodes');
  }
  for (const key of ['nsPerPair', 'nsPerRestore', 'sigpending', 'sigq'] as const) {
    if (options[key] !== null && !isNumber(options[key])) throw refused(name, `no usable option ${key}`);
  }
  if (nodes.length === 0) throw refused(name, 'no nodes');
  return {
    idspace,
    shard: shard === null ? null : checkShard(shard, name),
    found,
    paths,
    options: options as unknown as PlacementOptions,
    nodes: nodes.map((node, index) => checkNode(node, `${name}, node ${index + 1}`)),
  };
}

function checkShard(value: unknown, name: string): string {
  try {
    return shardName(parseShard(String(value)));
  } catch (cause) {
    throw new CommandError('input', `${name}: ${(cause as Error).message}`, { cause });
  }
}

function checkNode(value: unknown, name: string): NodeEntry {
  const { node, kernel, criu, digest, limits } = isObject(value) ? value : {};
  if (!isText(node) || !isText(kernel) || !isText(criu) || !isText(digest) || !isObject(limits)) {
    throw refused(name, 'no usable node, kernel, criu, digest or limits');
  }
  // What all checkpoints come to is summed up again when shards are put together.
  return { node, kernel, criu, digest, limits: checkLimits(limits, name), together: null };
}

function checkLimits(limits: object, name: string): Limits {
  try {
    return limitsOf(parseTarget(JSON.stringify({ format: 'idspace-target', version: 1, ...limits }), name));
  } catch (cause) {
    throw new CommandError('input', (cause as Error).message, { cause });
  }
}

function checkEntry(value: unknown, names: readonly string[], name: string): void {
  const { path, error, charges, best, nodes } = isObject(value) ? value : {};
  if (!isText(path)) throw refused(name, 'no path');
  if (error !== undefined) {
    if (isObject(error) && isText(error.code) && isText(error.message)) return;
    throw refused(name, 'no usable error');
  }
  if (!isCharges(charges)) throw refused(name, 'no usable charges');
  if (!names.includes(best as string)) throw refused(name, 'no best node');
  if (!Array.isArray(nodes) || nodes.length !== names.length) throw refused(name, `no list of ${names.length} nodes`);
  for (const [index, pair] of nodes.entries()) checkPair(pair, names[index]!, `${name}, node ${names[index]}`);
}

function checkPair(value: unknown, node: string, name: string): void {
  const pair = isObject(value) ? value : {};
  if (pair.node !== node) throw refused(name, 'another node in its place');
  if (!OUTCOMES.includes(pair.outcome as never)) throw refused(name, 'no usable outcome');
  if (![pair.asks, pair.creates, pair.deletes, pair.seconds].every(isNumber)) throw refused(name, 'no usable cost');
  const { reason } = pair;
  if (reason === null && pair.outcome === 'ok') return;
  const isReason =
    isObject(reason) &&
    [reason.space, reason.text, reason.remedy].every(isText) &&
    Object.hasOwn(REASON_CODES, String(reason.code)) &&
    (reason.words === null || isText(reason.words));
  if (!isReason) throw refused(name, 'no usable reason');
}

function isCharges(value: unknown): boolean {
  if (!isObject(value) || !Array.isArray(value.timers)) return false;
  const areTimers = value.timers.every(
    (one: unknown) => isObject(one) && (one.limit === null || isNumber(one.limit)) && isCount(one.timers),
  );
  return areTimers && [value.watches, value.instances, value.aioRequests].every(isCount);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refused(name: string, got: string): CommandError {
  return unusable(name, got, EXPECTED);
}
