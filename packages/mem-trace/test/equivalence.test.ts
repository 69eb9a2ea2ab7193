// Random programs on a traced and an untraced array of every kind: the same results, the same contents, and every element that
// changed was reported as written.
import { budget, type Random, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { type TypedArray, trace } from '../src/index.ts';
import { KINDS } from './support/kinds.ts';

/** Called by name, so that one program runs on all kinds. */
type Methods = Record<string, (...args: unknown[]) => unknown> & { length: number; [index: number]: unknown };

/** A program: what it does to an array, and what it answers. */
type Step = (array: Methods) => unknown;

function randomStep(rng: Random, value: () => unknown): Step {
  const at = (): number => rng.between(-12, 12);
  const [i, j, k, v] = [at(), at(), at(), value()];
  const larger = (x: unknown): boolean => (x as number) > (v as number);
  const compare = (x: unknown, y: unknown): number => Number(y as number) - Number(x as number);
  const steps: Step[] = [
    (a) => a[i],
    (a) => (a[i] = v),
    (a) => a.at!(i),
    (a) => a.copyWithin!(i, j, k),
    (a) => a.fill!(v, i, j),
    (a) => a.set!([v, v], Math.abs(i)),
    (a) => a.set!(a.subarray!(i, j), 0),
    (a) => a.set!(a.subarray!(0, 2), Math.abs(j)),
    (a) => [...(a.subarray!(i, j) as Iterable<unknown>)],
    (a) => (a.subarray!(i, j) as Methods).fill!(v),
    (a) => (a.subarray!(i) as Methods).reverse!(),
    (a) => a.slice!(i, j),
    (a) => a.map!((x: unknown) => (larger(x) ? v : x)),
    (a) => a.filter!(larger),
    (a) => [a.find!(larger), a.findIndex!(larger), a.findLast!(larger), a.findLastIndex!(larger)],
    (a) => [a.some!(larger), a.every!(larger), a.indexOf!(v, i), a.lastIndexOf!(v, j), a.includes!(v, k)],
    (a) => a.reduce!((sum: unknown, x: unknown) => `${sum},${x}`, ''),
    (a) => a.reduceRight!((sum: unknown, x: unknown) => `${sum},${x}`),
    (a) => [a.join!('-'), String(a), a.toLocaleString!()],
    (a) => a.reverse!(),
    (a) => a.sort!(),
    (a) => a.sort!(compare),
    (a) => [a.toSorted!(), a.toReversed!()],
    (a) => a.with!(i, v),
    (a) => [...(a.entries!() as Iterable<unknown>), ...(a.keys!() as Iterable<unknown>)],
    (a) => [a.length, a.byteLength, a.byteOffset],
  ];
  return rng.pick(steps);
}

/** What a step answers, in a form that compares: elements for an array, the error's class for an error. */
function outcome(step: Step, array: TypedArray): unknown {
  try {
    const result = step(array as unknown as Methods);
    if (typeof result !== 'object' || result === null) return result;
    return [result.constructor.name, ...(result as Iterable<unknown>)].map(String);
  } catch (error) {
    return (error as Error).constructor;
  }
}

test.each(KINDS)('%o', (Kind) => {
  const isBig = Kind === BigInt64Array || Kind === BigUint64Array;
  for (let seed = 1; seed <= budget(40); seed++) {
    const rng = random(seed);
    const value = (): unknown =>
      isBig ? BigInt(rng.between(-5, 300)) : rng.pick([rng.between(-5, 300), 0.5, NaN, -0]);
    const plain = new Kind(rng.between(0, 10));
    const traced = { a: plain.slice() };
    const shadow = plain.slice() as unknown as Methods;
    const tracing = trace({ traced }, (_name, element, isWrite, raw) => {
      if (isWrite) shadow[element] = raw[element];
    });
    for (let n = 0; n < 60; n++) {
      const step = randomStep(rng, value);
      const where = `seed ${rng.seed}, step ${n}: ${step}`;
      expect(outcome(step, traced.a), where).toEqual(outcome(step, plain));
      expect(shadow, where).toEqual(plain);
    }
    tracing.stop();
    expect(traced.a).toEqual(plain);
  }
});
