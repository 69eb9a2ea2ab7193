// Scripts of calls that hand out the IDs of one space, played by the kernel and by its model.
import type { Random } from '@idspace/testkit';

/** A call: the driver's word for it, and its numbers. */
export type Step = readonly [op: string, ...numbers: readonly number[]];

/** A script, and the space it is for. It begins with an empty one. */
export interface Script {
  /** The driver's name of the space. */
  readonly space: string;
  /** The limit that the space begins with; −1: the kernel's own. */
  readonly limit: number;
  readonly steps: readonly Step[];
}

/** The space as the model knows it. */
export interface ModelSpace {
  /** Draws a call that can be made now. */
  draw(random: Random): Step;
  /** Makes a call. Returns its result or −errno; null if it cannot be made, because the process that makes it is not there. */
  play(step: Step): number | null;
}

/** A kind of scripts. */
export interface Course {
  readonly space: string;
  /** What its IDs are called. */
  readonly title: string;
  /** Draws the limit of a script. */
  drawLimit(random: Random): number;
  /** The limit is the user's, which can be set in a user namespace only. */
  readonly limitsUser?: boolean;
  model(limit: number): ModelSpace;
}

/** Where kernel and model part. */
export interface IdDifference {
  /** Index of the step. */
  readonly at: number;
  readonly step: string;
  readonly kernel: number;
  readonly model: number;
}

/** Plays a script on the kernel. */
export type PlayOnKernel = (script: Script) => Promise<readonly number[]>;

/** Draws a script: of 4 to 40 calls as a rule, of 150 now and then, for what comes late. */
export function randomIdScript(course: Course, random: Random, ownUser: boolean): Script {
  const limit = course.limitsUser === true && !ownUser ? -1 : course.drawLimit(random);
  const model = course.model(limit);
  const length = random.chance(0.1) ? 150 : random.between(4, 40);
  const steps = Array.from({ length }, () => {
    const step = model.draw(random);
    model.play(step);
    return step;
  });
  return { space: course.space, limit, steps };
}

/** Tells if every call of a script can be made. */
export function isPlayable(course: Course, { limit, steps }: Script): boolean {
  const model = course.model(limit);
  return steps.every((step) => model.play(step) !== null);
}

/** Plays a script on both sides. Returns the first difference, or null. */
export async function compareIds(course: Course, script: Script, play: PlayOnKernel): Promise<IdDifference | null> {
  const results = await play(script);
  const model = course.model(script.limit);
  for (const [at, step] of script.steps.entries()) {
    const expected = model.play(step)!;
    const kernel = results[at]!;
    if (expected !== kernel) return { at, step: step.join(' '), kernel, model: expected };
  }
  return null;
}
