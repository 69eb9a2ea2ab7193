// The broken twin of each protocol: the same race in a release that had it.
import type { Twins } from '@idspace/testkit/explore';

export const TWINS: Twins = {
  'search of a full ID space as in 6.5': 'search of a full ID space as in 3.10',
  'search of a full ID space as in 6.15': 'search of a full ID space as in 3.10',
  'creating around the wrap as in 6.15': 'creating around the wrap as in 6.5',
  'creating around the wrap as in 3.9': 'creating around the wrap as in 3.10',
};
