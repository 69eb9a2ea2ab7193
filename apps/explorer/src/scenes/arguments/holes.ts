// The two scenes on holes play the same calls, on a kernel that counts on and on one that fills up.
import { CLOCK_MONOTONIC } from '@idspace/posix-timers';
import { type Operation, operation } from '../../engine/operations.ts';
import { INT_MAX } from '../../race/restore.ts';
import { count, counted } from '../../shell/number.ts';
import { PLAIN, processOn } from '../model.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const TIMERS = 8;
const DELETED = [2, 3, 5] as const;
const NEXT = '6.14';
const DENSE = 'dense';

/** What a process is left with that deletes every other of its timers and then makes as many again. */
export interface Refill {
  /** IDs below the highest that were free after the deletes, and after the creates that followed. */
  holes: number;
  left: number;
  highestId: number;
}

/** Makes timers, deletes every other one, makes as many again; all on the model. */
export function refill(release: string, timers: number): Refill {
  const process = processOn(release);
  const create = (): number => process.timerCreate(CLOCK_MONOTONIC, PLAIN);
  const live = new Set(Array.from({ length: timers }, create));
  const deleted = [...live].filter((_, i) => i % 2 === 0);
  for (const id of deleted) {
    process.timerDelete(id);
    live.delete(id);
  }
  const holes = holesIn(live);
  for (const _ of deleted) live.add(create());
  return { holes, left: holesIn(live), highestId: Math.max(...live) };
}

function holesIn(live: ReadonlySet<number>): number {
  return Math.max(...live) + 1 - live.size;
}

const OPERATIONS: readonly Operation[] = [
  operation('create', TIMERS),
  ...DELETED.map((id) => operation('delete', 1, id)),
  operation('create', DELETED.length),
];

/** The ID of the first timer that is made after the deletes. */
function nextAfter(release: string): number {
  const process = processOn(release);
  for (let i = 0; i < TIMERS; i++) process.timerCreate(CLOCK_MONOTONIC, PLAIN);
  for (const id of DELETED) process.timerDelete(id);
  return process.timerCreate(CLOCK_MONOTONIC, PLAIN);
}

const QUESTION = `A process has timers 0 to ${TIMERS - 1}. It deletes ${DELETED.join(', ')} and makes a new one. Which ID does it get?`;
const FROM = 'Calls made on the kernel model of posix-timers, on this page.';

function sentenceFor(release: string, kind: string): Sentence {
  return {
    knobs: [{ name: 'timers', label: 'timers', min: 2, max: 10_000, initial: 1000, scale: 'log' }],
    tell({ timers }) {
      const { holes, left, highestId } = refill(release, timers);
      return say`On a kernel that gives ${kind}, a process with ${drag('timers')} timers deletes every other one: ${counted(holes, 'hole')}. It makes as many again: ${counted(left, 'hole')} left, and the highest ID is ${count(highestId)}.`;
    },
  };
}

/** Guesses for both: the lowest hole, the next number, the highest hole. */
function choices(right: number): { text: string; right: boolean }[] {
  return [DELETED[0], DELETED[2], TIMERS].map((id) => ({ text: String(id), right: id === right }));
}

export const LOST_HOLES: Scene = scene({
  name: 'lost-holes',
  title: 'Next number: holes never come back',
  idea: `A deleted timer leaves a hole in the row of numbers. A kernel that always gives the next number does not look back, so the hole stays until every number up to ${count(INT_MAX)} has been used once.`,
  measure: () => ({ id: nextAfter(NEXT), ...refill(NEXT, 1000) }),
  guess: ({ id }) => ({ question: `Linux 6.14 gives the next number. ${QUESTION}`, choices: choices(id) }),
  answer: ({ id, holes, left }) =>
    `It gets ${id}. The holes stay: of ${count(holes)} holes among 1,000 timers, ${count(left)} are left after ${count(holes)} more creates. So numbers climb although the process has few timers, and a restore has to pass them all.`,
  look: 'Make the calls: in the row of numbers the holes stay behind, and the next number moves on to the right.',
  from: FROM,
  sentence: sentenceFor(NEXT, 'the next number'),
  play: { release: NEXT, operations: OPERATIONS },
});

export const FILLED_HOLES: Scene = scene({
  name: 'filled-holes',
  title: 'Lowest free number: holes come back',
  idea: 'The letter wanted another rule: give the lowest free number. Numbers then stay small and close together, which is called dense. A deleted timer leaves a hole too, but the next timer fills it.',
  measure: () => ({ id: nextAfter(DENSE), ...refill(DENSE, 1000) }),
  guess: ({ id }) => ({
    question: `The proposed kernel gives the lowest free number. ${QUESTION}`,
    choices: choices(id),
  }),
  answer: ({ id, holes, left, highestId }) =>
    `It gets ${id}. Of ${count(holes)} holes among 1,000 timers, ${count(left)} are left after ${count(holes)} more creates, and the highest ID is ${count(highestId)}. No ID is above the number of timers that the process once had together, so a restorer can reach it by creating as many.`,
  look: 'Make the calls: in the row of numbers new timers go into the holes, the lowest first.',
  from: FROM,
  sentence: sentenceFor(DENSE, 'the lowest free number'),
  play: { release: DENSE, operations: OPERATIONS },
});
