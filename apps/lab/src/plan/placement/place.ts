// Places a fleet on nodes: every checkpoint is read once and planned for each of them.
import type { ExitCode } from '../../cli/failure.ts';
import { type Shard, shardName } from '../../cli/shard.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { version } from '../../installed.ts';
import { checkStandardInput } from '../checkpoint-at.ts';
import { errorOf } from '../checkpoints-json.ts';
import { checkpointsAt } from '../fleet.ts';
import type { Unjudged } from '../gate.ts';
import { type Stopped, tellStopped, tellUnjudged, tellUnread } from '../judge.ts';
import { readEach } from '../read-fleet.ts';
import { type Entry, limitsOf, type NodeEntry, type PlacementDocument, type PlacementHeader } from './document.ts';
import { finished } from './finish.ts';
import { digestOf, type PlacementNode } from './nodes.ts';
import { type PlacedCheckpoint, type PlaceOptions, placeCheckpoint } from './place-checkpoint.ts';

const MANY_PAIRS = 10_000; // from here on worker threads pay, however small the checkpoints

export interface Placement {
  document: PlacementDocument;
  /** Checkpoints that pass the gate on no node, and why not on the best. */
  stopped: Stopped[];
  /** What a gate did not judge of those that pass. */
  unjudged: Unjudged[];
  /** Whether timers are danced to, of some checkpoint on some node. */
  dances: boolean;
  /** Those that could not be read; in a shard without pre-dumps, of which only all shards together tell what they are beside. */
  unread: { path: string; error: Error }[];
}

/**
 * Places the checkpoints that paths lead to.
 *
 * @param shard Which part of them; null for all.
 */
export async function placeFleet(
  paths: readonly string[],
  options: PlaceOptions & { tree: boolean },
  shard: Shard | null,
  terminal: Terminal,
): Promise<Placement> {
  checkStandardInput(paths, terminal);
  const found = await checkpointsAt(paths, terminal);
  const own = shard === null ? found : found.filter((_, index) => index % shard.of === shard.index - 1);
  const { tree, ...data } = options;
  const each = {
    take: (checkpoint: Parameters<typeof placeCheckpoint>[0]) => placeCheckpoint(checkpoint, data),
    module: 'plan/placement/place-worker',
    data,
  };
  const isMany = own.length * options.nodes.length >= MANY_PAIRS;
  const placed = await readEach<PlacedCheckpoint>(own, terminal, each, { tree, ...(isMany && { workersFrom: 0 }) });
  const entries = own.map((path, index): Entry => {
    const one = placed[index]!;
    return one instanceof Error ? { path, error: errorOf(one) } : { path, ...one.row };
  });
  const header = headerOf(found, options, shard);
  const document = shard === null ? finished(entries, header, terminal) : { checkpoints: entries, placement: header };
  const kept = new Set(document.checkpoints.map(({ path }) => path));
  const isPreDump = (entry: Entry): boolean => 'error' in entry && entry.error.code === 'pre-dump';
  return {
    document,
    stopped: own.flatMap((path, index) => {
      const one = placed[index]!;
      return one instanceof Error || one.stopped === null ? [] : [{ path, reasons: one.stopped }];
    }),
    dances: placed.some((one) => !(one instanceof Error) && one.dances),
    unjudged: placed.flatMap((one) => (one instanceof Error ? [] : [one.unjudged])),
    unread: own.flatMap((path, index) => {
      const error = placed[index]!;
      const isLeftOut = !kept.has(path) || (shard !== null && isPreDump(entries[index]!));
      return error instanceof Error && !isLeftOut ? [{ path, error }] : [];
    }),
  };
}

function headerOf(
  found: readonly string[],
  { nodes, rates, given }: PlaceOptions,
  shard: Shard | null,
): PlacementHeader {
  const { nsPerPair = null, nsPerRestore = null } = rates;
  const { sigpending = null, sigq = null, deprecated = null } = given;
  return {
    idspace: version(),
    shard: shard === null ? null : shardName(shard),
    found: found.length,
    paths: digestOf(found),
    options: { nsPerPair, nsPerRestore, sigpending: sigpending === null ? null : Number(sigpending), sigq, deprecated },
    nodes: nodes.map(nodeEntry),
  };
}

function nodeEntry({ name, kernel, criu, target }: PlacementNode): NodeEntry {
  return { node: name, kernel, criu, digest: digestOf(target), limits: limitsOf(target), together: null };
}

/** Tells on stderr what was not read, and what does not pass a gate. */
export function tellOf({ stopped, unjudged, unread }: Placement, terminal: Terminal): ExitCode {
  tellUnread(unread, terminal);
  tellStopped(stopped, 'passes on no node; on the best one', (left) => `… and ${left} more pass on no node`, terminal);
  if (stopped.length === 0) tellUnjudged(unjudged, 'idspace plan', terminal);
  if (unread.length > 0) return 3;
  return stopped.length > 0 ? 1 : 0;
}
