// The headline rows: `pnpm bench keep lock`, `pnpm bench compare REV lock`.
import type { Row } from '@idspace/testkit/bench';
import { CONTESTANTS } from './contestants.ts';

const CALLS = 50_000;
const FLOOR = 'compareExchange + exchange';

export const rows: readonly Row[] = ['SpinLock', 'Mutex', 'Mutex, robust', 'lockWord', 'LockTable'].map((name) => ({
  name: `${name}: lock and unlock, uncontended`,
  setup: () => ({ ops: CALLS, run: () => CONTESTANTS[name]!(CALLS) }),
  peer: { name: FLOOR, setup: () => ({ ops: CALLS, run: () => CONTESTANTS[FLOOR]!(CALLS) }) },
}));
