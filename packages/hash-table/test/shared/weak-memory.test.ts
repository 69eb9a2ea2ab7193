// The same protocols where plain accesses may be reordered, as on arm64 and in any engine; and what becomes of them without Atomics.
import { testWeakly } from '@idspace/testkit/explore-tests';
import { LARGE_PROTOCOLS, PROTOCOLS, WEAKLY_BROKEN } from '../support/protocols.ts';

testWeakly(
  () => import('../support/protocols.ts'),
  { ...PROTOCOLS, ...LARGE_PROTOCOLS },
  {
    'lookup by sequence, the entry removed and used again, 2 actors': 'read: [0,22], expected',
    'a handle replaced and looked up': 'read: [1',
  },
  Object.keys(WEAKLY_BROKEN),
);
