// What the verdict needs of every ID space: the images that have its IDs, the facts of a target that matter, and how a restore ends.
import { type Outcome, worstOutcome } from '../outcome.ts';
import type { Version } from '../version.ts';
import type { Reason } from './reason.ts';
import type { SpaceName } from './space-name.ts';
import type { Target } from './target.ts';

/** Where the restore is to happen. */
export interface Conditions {
  /** x.y of the target's kernel; null for a proposed design, which is taken for the newest in all but its timers. */
  kernel: Version | null;
  /** x.y of the CRIU that restores; null for the native restorer, which is taken for the newest. */
  criu: Version | null;
  /** What is known of the target; {} if nothing is. */
  target: Target;
}

/** The restore of one ID space. */
export interface SpacePlan {
  space: SpaceName;
  outcome: Outcome;
  /** Times that CRIU asks the kernel for a given ID. */
  asks: number;
  /** Objects made, temporaries included: watches, processes and threads, segments, terminals, no-op requests, timers. */
  creates: number;
  /** Temporary ones among them. */
  deletes: number;
  /** Kernel time of all of that, at the space's stated cost of one, on an idle machine. */
  seconds: number;
  /** Present if `creates` and `deletes` are upper bounds: the images that would tell exactly were not there. */
  atMost?: true;
  /** What is different after a successful restore; a sentence each. */
  left: string[];
  /** Why the outcome is not ok, in the order in which CRIU would meet it; [] if it is. */
  reasons: Reason[];
}

/** A space's plan except for its reasons, which stand with those of the others. */
export type SpaceSummary = Omit<SpacePlan, 'reasons'>;

/** An ID space: how it is read, what it depends on, and its plan. */
export interface Space<Ids> {
  readonly name: SpaceName;
  /** What its IDs are called: 'PIDs', 'watch descriptors'. */
  readonly ids: string;
  /** The images that tell of its IDs, as file names. */
  readonly reads: readonly string[];
  /** What of a target may change the outcome. */
  readonly dependsOn: readonly (keyof Target)[];
  /**
   * Plans the restore.
   *
   * @returns undefined if the checkpoint has no ID of this space.
   * Cost: O(IDs · log IDs), whatever their values.
   */
  plan(ids: Ids, conditions: Conditions): SpacePlan | undefined;
}

/** The worst outcome of any of these, 'ok' if there are none. */
export function worstOf(parts: readonly { outcome: Outcome }[]): Outcome {
  return worstOutcome(parts.map(({ outcome }) => outcome));
}
