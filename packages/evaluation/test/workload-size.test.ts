// How large a workload may be: its events are taken one by one, and more timers than a run holds are refused before anything runs.
import type { DesignName } from '@idspace/posix-timers';
import { withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import {
  HARDWARE_NAMES,
  hardwareNamed,
  lookupTimes,
  MAX_RECORDED_IN_512,
  MAX_RECORDED_TIMERS,
  runWorkload,
  WORKLOADS,
  type Workload,
} from '../src/index.ts';

const run = (designs: readonly DesignName[]) => ({
  designs,
  cpus: 4,
  seed: 1,
  machine: hardwareNamed(HARDWARE_NAMES[0]),
});

/** A workload of so many timers, of which one is created and looked up. @param begun Told when it begins. */
function small(timers: number, begun: () => void = () => {}): Workload {
  return {
    ...WORKLOADS.restore!.make({ timers: 2, seed: 1 }),
    timers,
    length: 2,
    *events() {
      begun();
      yield { do: 'create', timer: 0, process: 0, thread: 0 };
      yield { do: 'lookup', timer: 0, process: 0, thread: 0 };
    },
  };
}

test('an event is run before the next one is made, on each design from the first on', () => {
  let unread = 0;
  let made = 0;
  const workload = WORKLOADS['threads-random']!.make({ threads: 2, timers: 8, seed: 1 });
  const watched: Workload = {
    ...workload,
    *events() {
      for (const event of workload.events()) {
        expect(unread).toBe(0);
        unread++;
        made++;
        const kind = event.do;
        yield Object.defineProperty({ ...event }, 'do', {
          get: () => {
            unread = 0;
            return kind;
          },
        });
      }
    },
  };
  runWorkload(watched, run(['xarray', 'idr']));
  expect(made).toBe(2 * workload.length);
});

describe.each(withinBudget(Object.keys(WORKLOADS), { least: 4 }))('%s', (name) => {
  test('has as many events as it says, the same ones each time', () => {
    const workload = WORKLOADS[name]!.make({ seed: 3, ...(name === 'thread-pool' && { threads: 3 }) });
    const [events, again] = [[...workload.events()], [...workload.events()]];
    expect(events).toHaveLength(workload.length);
    expect(again).toEqual(events);
  });
});

describe('the most timers', () => {
  test.each(
    withinBudget<[number, DesignName[]]>([
      [MAX_RECORDED_TIMERS, ['idr', 'hash-scaled', 'hash-scaled-jhash', 'xarray', 'xarray-cyclic', 'generational']],
      [MAX_RECORDED_IN_512, ['hash-512', 'hash-512-precheck', 'xarray']],
    ]),
  )('%i run in %j, and one more is refused before its first event', (most, designs) => {
    let begun = 0;
    const begin = (): void => void begun++;
    expect(runWorkload(small(most, begin), run(designs)).designs).toHaveLength(designs.length);
    expect(begun).toBe(designs.length);
    const refused = new RegExp(`^timers: got ${most + 1} that live at the same time, expected at most ${most} `);
    for (const start of [runWorkload, lookupTimes]) {
      expect(() => start(small(most + 1, begin), run(designs))).toThrow(RangeError);
      expect(() => start(small(most + 1, begin), run(designs))).toThrow(refused);
    }
    expect(begun).toBe(designs.length);
  });
});
