// The machine that the program runs on, as a target of `plan --on`.
import { type Facts, gatherFacts, type Places } from '@idspace/live-kernel';
import { parseTarget, type Target } from '@idspace/restore-planner';

/** A key of a target, and what is to be said of it. */
export interface Remark {
  key: keyof Target;
  why: string;
}

export interface TargetFacts {
  target: Target;
  /** Each key that is missing in the target, and why. */
  unseen: Remark[];
  /** What is taken for granted of keys that are there. */
  assumed: Remark[];
}

const OF_THE_CALL = ['criuPid', 'criuSid', 'shellJob', 'joinedIpc'] as const satisfies (keyof Target)[];

/** Gathers what a restore on this machine depends on: what a target may hold of it, and for everything else the reason. */
export function factsHere(places: Places = {}): TargetFacts {
  const { machine, unseen, assumed } = gatherFacts(places);
  const target: Target = {};
  const refused: Remark[] = [];
  for (const [key, value] of Object.entries(machine as Target) as [keyof Target & keyof Facts['machine'], unknown][]) {
    try {
      Object.assign(
        target,
        parseTarget(JSON.stringify({ format: 'idspace-target', version: 1, [key]: value }), 'this machine'),
      );
    } catch (error) {
      refused.push({ key, why: (error as Error).message });
    }
  }
  const why = 'no matter of the machine, but of how you call CRIU';
  return {
    target,
    unseen: [...unseen, ...refused, ...OF_THE_CALL.map((key) => ({ key, why }))],
    assumed: assumed.filter(({ key }) => key in target),
  };
}
