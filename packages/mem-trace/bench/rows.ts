// The headline rows: `pnpm bench keep mem-trace`, `pnpm bench compare REV mem-trace`. How much longer an access takes that is recorded.
import { trace } from '@idspace/mem-trace';
import { instrument } from '@idspace/mem-trace/instrument';
import { record } from '@idspace/mem-trace/recording';
import type { Prepared, Row } from '@idspace/testkit/bench';

const LENGTH = 1 << 16;
const BODIES = {
  'read in order': 'for (let i = 0; i < n; i++) sum += a[i & mask];',
  'write in order': 'for (let i = 0; i < n; i++) a[i & mask] = i;',
} as const;
type Name = keyof typeof BODIES;
type Loop = (a: Int32Array, n: number) => number;

const sourceOf = (name: Name): string => `const mask = a.length - 1; let sum = 0; ${BODIES[name]} return sum;`;
const compiled = (code: string): Loop => new Function('a', 'n', code) as Loop;

const plain = (name: Name): (() => Prepared) => {
  const [loop, a] = [compiled(sourceOf(name)), new Int32Array(LENGTH)];
  return () => ({ ops: 1e6, run: () => loop(a, 1e6) });
};

/** Seen by a stand-in. */
const standIn = (name: Name): (() => Prepared) => {
  const loop = compiled(sourceOf(name));
  return () => {
    const holder = { a: new Int32Array(LENGTH) };
    const tracing = trace({ holder }, () => {});
    const { a } = holder;
    return {
      ops: 20_000,
      run: () => {
        loop(a, 20_000);
        tracing.stop();
      },
    };
  };
};

/** Recorded by its own source. */
const instrumented = (name: Name): (() => Prepared) => {
  let loop: Loop | undefined;
  const a = new Int32Array(LENGTH);
  return () => {
    const run = (loop ??= compiled(instrument(sourceOf(name), { file: 'loop.cjs' }).code));
    return {
      ops: 500_000,
      run: () => {
        const recording = record(() => {});
        run(a, 500_000);
        recording.stop();
      },
    };
  };
};

const names = Object.keys(BODIES) as Name[];
export const rows: readonly Row[] = names.flatMap((name) => [
  {
    name: `stand-in: ${name}`,
    setup: standIn(name),
    peer: { name: 'the same loop, not recorded', setup: plain(name) },
  },
  {
    name: `instrumented: ${name}`,
    setup: instrumented(name),
    peer: { name: 'the same loop, not recorded', setup: plain(name) },
  },
]);
