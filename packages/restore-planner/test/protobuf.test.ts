// The decoder of messages against the library's: the same of random messages of every definition, and of those in which bytes were changed.
import { create, type DescMessage as Theirs, fromBinary as theirFromBinary, toBinary } from '@bufbuild/protobuf';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../src/image/message.ts';
import type { DescField, DescMessage, GenMessage } from '../src/protobuf/schema.ts';

const SEED = Number(process.env.TEST_SEED ?? 1);
const NAMES = ['core', 'fdinfo', 'files', 'ids', 'inventory', 'ipc', 'mm', 'pagemap', 'pstree', 'tty'];

type Module = Record<string, unknown>;
const definitions: [string, DescMessage, Theirs][] = [];
for (const name of NAMES) {
  const ours = (await import(`../src/gen/${name}_pb.ts`)) as Module;
  const theirs = (await import(`./support/gen/${name}_pb.ts`)) as Module;
  for (const key of Object.keys(ours).filter((one) => one.endsWith('Schema'))) {
    definitions.push([key.replace(/Schema$/, ''), ours[key] as DescMessage, theirs[key] as Theirs]);
  }
}

const LARGEST = { uint64: 2n ** 64n - 1n, uint32: 2 ** 32 - 1, int32: 2 ** 31 - 1 };

function scalarOf(scalar: NonNullable<DescField['scalar']>, rng: Random): unknown {
  if (scalar === 'bool') return rng.below(2) === 1;
  if (scalar === 'string') return ['', 'tty', '/dev/pts/ü', 'x'.repeat(200)][rng.below(4)];
  const isLarge = rng.below(3) === 0;
  if (scalar === 'uint64') return isLarge ? LARGEST.uint64 - BigInt(rng.below(5)) : BigInt(rng.below(300));
  const sign = scalar === 'int32' && rng.below(2) === 1 ? -1 : 1;
  return sign * (isLarge ? LARGEST[scalar] - rng.below(5) : rng.below(300));
}

/** The fields of a random message; optional ones come or do not. */
function randomFields(schema: DescMessage, rng: Random): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { localName, isList, isRequired, message, scalar } of schema.fields) {
    if (!isRequired && !isList && rng.below(2) === 0) continue;
    const value = (): unknown => (message === undefined ? scalarOf(scalar!, rng) : randomFields(message, rng));
    fields[localName] = isList ? Array.from({ length: rng.below(4) }, value) : value();
  }
  return fields;
}

/** What a message holds, whatever made it: what has come, and what is read of the rest. */
function held(schema: DescMessage, message: Record<string, unknown>): object {
  return Object.fromEntries(
    schema.fields.map(({ localName, isList, message: inner }) => {
      const value = message[localName];
      const shown = (one: unknown): unknown =>
        inner === undefined || one === undefined ? one : held(inner, one as Record<string, unknown>);
      return [localName, [Object.hasOwn(message, localName), isList ? (value as unknown[]).map(shown) : shown(value)]];
    }),
  );
}

function both(schema: DescMessage, theirs: Theirs, payload: Uint8Array): [object, object] | undefined {
  let ours: Record<string, unknown>;
  try {
    ours = decodeMessage(schema as GenMessage<typeof ours>, { file: 'x', offset: 0, payload }).message;
  } catch {
    return undefined; // the check before the decoder refuses it
  }
  return [held(schema, ours), held(schema, theirFromBinary(theirs, payload) as never)];
}

test('has every definition', () => {
  expect(definitions.length).toBeGreaterThan(20);
  for (const [name, ours, theirs] of definitions) {
    const fieldsOf = (fields: readonly { number: number; name: string; localName: string }[]): unknown =>
      fields.map((field) => [field.number, field.name, field.localName]);
    expect(ours.name).toBe(name);
    expect(fieldsOf(ours.fields)).toEqual(fieldsOf(theirs.fields));
    expect(ours.fields.map(({ localName }) => localName)).toEqual(theirs.fields.map(({ jsonName }) => jsonName));
  }
});

describe.each(definitions)('%s', (_, ours, theirs) => {
  test('of random messages, and with bytes changed', () => {
    const rng = random(SEED);
    let changed = 0;
    for (let round = 0; round < budget(200); round++) {
      const payload = toBinary(theirs, create(theirs, randomFields(ours, rng) as never));
      const [a, b] = both(ours, theirs, payload)!;
      expect(a, `seed ${SEED}, round ${round}`).toEqual(b);
      for (let flip = 0; flip < 8 && payload.length > 0; flip++) {
        const other = payload.slice();
        other[rng.below(other.length)] = rng.below(256);
        const pair = both(ours, theirs, rng.below(4) === 0 ? Uint8Array.of(...other, ...payload) : other);
        if (pair === undefined) continue;
        changed++;
        expect(pair[0], `seed ${SEED}, round ${round}, flip ${flip}`).toEqual(pair[1]);
      }
    }
    expect(changed).toBeGreaterThan(0);
  });
});
