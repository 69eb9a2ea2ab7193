// The same protocols where plain accesses may be reordered, as on arm64 and in any engine; and what becomes of them without Atomics.
import { BUDGET_SHARE } from '@idspace/testkit';
import { testWeakly } from '@idspace/testkit/explore-tests';
import { LARGE_PROTOCOLS, PROTOCOLS } from '../support/protocols.ts';

testWeakly(
  () => import('../support/protocols.ts'),
  { ...PROTOCOLS, ...LARGE_PROTOCOLS },
  {
    'two stores at one index': 'nothing explains that write at 1 answers 1001',
    // Few of its schedules go wrong.
    ...(BUDGET_SHARE >= 1 && {
      'a load in a leaf that was met before and is freed and used again': 'nothing explains that read at 64 answers',
    }),
  },
);
