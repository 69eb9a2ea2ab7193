// Shard: which part of a large run this one does. A scheduler that starts a job many times tells each which one it is.

import { printable } from '../format/printable.ts';
import { misuse } from './failure.ts';
import { refusal } from './refusal.ts';
import type { Terminal } from './terminal.ts';

/** Part `index` of `of`, 1…of. */
export interface Shard {
  index: number;
  of: number;
}

export const MAX_SHARDS = 10_000;
const SHOWN = 40; // characters of what is none

/** Formats it as in --shard. */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Parses '2/4'. @throws RangeError if it is none. */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text)?.map(Number) ?? [];
  if (index >= 1 && index <= of && of <= MAX_SHARDS) return { index, of };
  const got = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  throw refusal('shard', `'${got}'`, `I/N, 1/${MAX_SHARDS}…${MAX_SHARDS}/${MAX_SHARDS}, such as 2/4`);
}

/** The flags that name a shard. */
export interface ShardFlags {
  shard?: Shard;
  shards?: number;
}

/** Decides on the shard, and says so where the environment does. */
export function takeShard({ shard, shards }: ShardFlags, terminal: Terminal): Shard | null {
  if (shard !== undefined) {
    if (shards === undefined || shards === shard.of) return shard;
    throw misuse('--shards', `${shards} beside --shard ${shard.index}/${shard.of}`, 'one of them');
  }
  const taken = scheduledShard(terminal.env, shards);
  if (taken === null) return null;
  terminal.err.write(`Shard ${taken.shard.index}/${taken.shard.of}, from ${printable(taken.from)}.\n`);
  return taken.shard;
}

/** A shard, and what said so. */
export interface TakenShard {
  shard: Shard;
  from: string;
}

/**
 * Reads the shard that a Slurm array or a Kubernetes indexed Job gives.
 *
 * @param shards How many there are, if that was told: Kubernetes does not tell, and Slurm must agree.
 * @returns Null where there is neither.
 * @throws RangeError where the environment does not say which part of how many this is.
 */
export function scheduledShard(env: Terminal['env'], shards: number | undefined): TakenShard | null {
  if (env.SLURM_ARRAY_TASK_ID) return slurmShard(env, shards);
  const completion = env.JOB_COMPLETION_INDEX;
  if (completion) {
    const from = `JOB_COMPLETION_INDEX ${completion}`;
    if (shards === undefined) {
      throw new RangeError(`${from}: got no number of completions, expected --shards N as in the Job, or --shard I/N`);
    }
    return { shard: within(whole('JOB_COMPLETION_INDEX', completion), shards, from), from };
  }
  if (shards === undefined) return null;
  throw new RangeError(
    `--shards: got ${shards} outside an array or an indexed Job, expected --shard I/N or one of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX`,
  );
}

function slurmShard(env: Terminal['env'], shards: number | undefined): TakenShard {
  const variable = (name: string, otherwise?: number): number => {
    const text = env[`SLURM_ARRAY_TASK_${name}`];
    return (text === undefined || text === '') && otherwise !== undefined
      ? otherwise
      : whole(`SLURM_ARRAY_TASK_${name}`, text ?? '');
  };
  const [id, of, min] = [variable('ID'), variable('COUNT'), variable('MIN', 0)];
  const step = Math.max(1, variable('STEP', 1));
  const from = `SLURM_ARRAY_TASK_ID ${id} of ${of} from ${min}`;
  const last = variable('MAX', min + (of - 1) * step);
  if (last !== min + (of - 1) * step) {
    throw new RangeError(`${from}: got an array with gaps, up to ${last}, expected one without, or --shard I/N`);
  }
  if (shards !== undefined && shards !== of) {
    throw new RangeError(
      `${from}: got an array of ${of} tasks and --shards ${shards}, expected as many, or --shard I/N`,
    );
  }
  return { shard: within((id - min) / step, of, from), from };
}

function within(position: number, of: number, from: string): Shard {
  if (Number.isInteger(position) && position >= 0 && position < of && of <= MAX_SHARDS)
    return { index: position + 1, of };
  throw new RangeError(`${from}: got a position outside 0…${Math.min(of, MAX_SHARDS) - 1}, expected one of the shards`);
}

function whole(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new RangeError(`${name}: got '${text}', expected a whole number`);
}
