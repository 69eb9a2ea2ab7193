// The matrix of a placement as a document: the whole, or the shard of one run, as JSON with a pair on each line.
import type { NodePlan, Target } from '@idspace/restore-planner';
import type { Row } from './place-checkpoint.ts';

/** A checkpoint on all nodes, or why it could not be read. */
export type Entry = ({ path: string } & Row) | { path: string; error: { code: string; message: string } };

export function isPlaced(entry: Entry): entry is { path: string } & Row {
  return 'nodes' in entry;
}

type LimitName =
  | 'sigqOfCriuUser'
  | 'criuRlimitSigpending'
  | 'maxUserWatches'
  | 'userWatches'
  | 'maxUserInstances'
  | 'aioNr'
  | 'aioMaxNr';

/** Limits that all checkpoints of a node share, as far as they are known. */
export type Limits = Pick<Target, LimitName>;

const LIMITS: readonly LimitName[] = [
  ...(['sigqOfCriuUser', 'criuRlimitSigpending', 'maxUserWatches', 'userWatches', 'maxUserInstances'] as const),
  ...(['aioNr', 'aioMaxNr'] as const),
];

/** Takes the limits out of a target, always in the same order. */
export function limitsOf(target: Target): Limits {
  const known = LIMITS.filter((key) => target[key] !== undefined);
  return Object.fromEntries(known.map((key) => [key, target[key]]));
}

/** A node: what was planned for, and what all that can or may go there are charged for. */
export interface NodeEntry {
  node: string;
  kernel: string;
  criu: string;
  /** Of its target: another run has the same nodes only if these are the same. */
  digest: string;
  limits: Limits;
  /** null in a shard, which has not all checkpoints. */
  together: Together | null;
}

/** All checkpoints that are sure to be restored on a node (ok), or may be (depends), on it together. */
export interface Together extends NodePlan {
  ok: number;
  depends: number;
}

/** What a run was asked for. */
export interface PlacementHeader {
  /** Version of the program: another one may judge differently. */
  idspace: string;
  /** 'I/N'; null for the whole. */
  shard: string | null;
  /** How many paths lead to checkpoints, in all shards, and a digest of them in their order. */
  found: number;
  paths: string;
  /** Flags that change the answer; null where not given. */
  options: PlacementOptions;
  nodes: NodeEntry[];
}

export interface PlacementOptions {
  nsPerPair: number | null;
  nsPerRestore: number | null;
  sigpending: number | null;
  sigq: number | null;
  deprecated: boolean | null;
}

/** What `plan --on` prints for several nodes. */
export interface PlacementDocument {
  /** In the order of the paths; of a shard, its own. */
  checkpoints: Entry[];
  placement: PlacementHeader;
}

/** Writes a document out: a piece for each checkpoint, and one for the rest. */
export function* documentText({ checkpoints, placement }: PlacementDocument): Generator<string> {
  yield '{"checkpoints":[';
  for (const [index, entry] of checkpoints.entries()) yield `${index === 0 ? '' : ','}\n${entryText(entry)}`;
  const { nodes, ...header } = placement;
  yield `\n],"placement":${withList(header, 'nodes', nodes)}}\n`;
}

function entryText(entry: Entry): string {
  if (!isPlaced(entry)) return JSON.stringify(entry);
  const { nodes, ...rest } = entry;
  return withList(rest, 'nodes', nodes);
}

/** An object whose last member is a list with an item on each line. */
function withList(object: object, name: string, items: readonly object[]): string {
  const lines = items.map((item) => `\n${JSON.stringify(item)}`).join(',');
  return `${JSON.stringify(object).slice(0, -1)},"${name}":[${lines}\n]}`;
}
