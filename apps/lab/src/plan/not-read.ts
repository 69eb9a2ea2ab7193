// Which ID spaces a plan does not judge, because what tells of them was not there.
import type { RestorePlan, SpaceName } from '@idspace/restore-planner';

export interface NotReadSpaces {
  /** Their images are missing or damaged. */
  ofImages: SpaceName[];
  /** The input shows only timers: a running process, its listing, or a core image alone. */
  ofInput: SpaceName[];
}

/** Finds them. What has images, even missing ones, has a summary; what the input does not show has none. */
export function notReadIn({ reasons, spaces }: Pick<RestorePlan, 'reasons' | 'spaces'>): NotReadSpaces {
  const names = new Set(reasons.filter(({ code }) => code === 'not-read').map(({ space }) => space));
  const summed = new Set(spaces.map(({ space }) => space));
  return {
    ofImages: [...names].filter((name) => summed.has(name)),
    ofInput: [...names].filter((name) => !summed.has(name)),
  };
}
