// Measures one side against another and against itself: they take turns, in an order that is drawn, in several processes.
import { fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { random } from '../random.ts';
import type { DuelReply, DuelRequest } from './duelist.ts';
import { type Interval, medianInterval, medianOf } from './interval.ts';

/** The process of a crew, as a source file. */
export const DUELIST: string = fileURLToPath(new URL('./duelist.ts', import.meta.url));

/** What is measured: a bundle that exports `contestants`, and who in it. */
export interface Side {
  module: URL;
  name: 'own' | 'peer';
}

export interface DuelOptions {
  /** Processes, one after the other: code is optimised and lies in memory differently in each. At least 6. */
  crews: number;
  /** CPU milliseconds of `base` that each process times at least. */
  milliseconds: number;
  /** Of the order in which the sides take turns. */
  seed: number;
}

export interface DuelResult {
  /** Time of `own` by time of `base`. */
  change: Interval;
  /** Time of a second instance of `base` by time of `base`: 1, but for the noise of the machine. */
  self: Interval;
}

/** Why a side has no figure. */
export class NoFigure extends Error {
  readonly side: 'base' | 'own';

  constructor(side: 'base' | 'own', message: string) {
    super(message);
    this.side = side;
  }
}

/**
 * Lets two sides take turns at one operation.
 *
 * @param duelist The module of `duelist.ts`, as JavaScript.
 * @throws NoFigure if a side fails.
 */
export async function duel(
  operation: string,
  { base, own }: { base: Side; own: Side },
  duelist: URL,
  { crews, milliseconds, seed }: DuelOptions,
): Promise<DuelResult> {
  const seeds = random(seed);
  const sides = [base, base, own].map(({ module, name }) => ({ module: module.href, name }));
  const all: number[][][] = [];
  for (let crew = 0; crew < crews; crew++) {
    const request = {
      sides,
      order: loadOrder(sides.length, crew),
      operation,
      atLeast: milliseconds,
      seed: seeds.u32(),
    };
    const reply = await ask(duelist, request);
    if ('error' in reply) throw new NoFigure(reply.side < 2 ? 'base' : 'own', reply.error);
    all.push(reply.times);
  }
  return ratios(all);
}

/**
 * The order in which a crew loads its sides: each crew begins with the next one, and every other round of crews goes backwards. What is
 * loaded last can be slower for that alone, as its objects lie elsewhere; so each side is it equally often.
 */
export function loadOrder(sides: number, crew: number): number[] {
  const order = Array.from({ length: sides }, (_, i) => (i + crew) % sides);
  return Math.floor(crew / sides) % 2 === 0 ? order : order.reverse();
}

/**
 * Computes the ratios from the times of crews: of each crew, those of `base`, of `base` again and of `own`, round by round.
 *
 * The median of a crew's rounds counts, then that of the crews: what happens in fewer than half of the runs, such as a full collection
 * of garbage, has no part in it.
 */
export function ratios(crews: readonly (readonly (readonly number[])[])[]): DuelResult {
  const by = (side: number): Interval =>
    medianInterval(crews.map((times) => medianOf(times[side]!.map((time, round) => time / times[0]![round]!))));
  return { change: by(2), self: by(1) };
}

function ask(duelist: URL, request: DuelRequest): Promise<DuelReply> {
  const child = fork(fileURLToPath(duelist), { execArgv: ['--expose-gc', '--max-old-space-size=8192'] });
  // One core: a process that moves finds its caches cold.
  spawnSync('taskset', ['-a', '-p', '-c', '0', String(child.pid)]);
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.once('exit', (code) => resolve({ error: `its process ended with ${code ?? 'a signal'}`, side: 2 }));
    child.send(request);
  });
}
