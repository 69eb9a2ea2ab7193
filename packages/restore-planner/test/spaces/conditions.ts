// A target for tests: Linux 6.18 and CRIU 4.2 with what the test says.
import type { Conditions } from '../../src/spaces/space.ts';
import type { Target } from '../../src/spaces/target.ts';

export function conditions(target: Target = {}, other: Partial<Conditions> = {}): Conditions {
  return { kernel: [6, 18], criu: [4, 2], target, ...other };
}
