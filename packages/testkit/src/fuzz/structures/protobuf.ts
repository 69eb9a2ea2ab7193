// Protobuf messages, without their schemas: fields are changed, doubled, dropped, moved, spliced; lengths around them are made right.
import { anyNumber, changeBytes, joined } from '../bytes.ts';
import type { Draw, Structure } from '../target.ts';

interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
  readonly wire: number;
  /** What stands behind the tag; without the length of wire type 2. */
  readonly bytes: Uint8Array;
}

/** Changes a field of a message, at any depth. */
export const protobuf: Structure = (input, draw) => {
  const fields = fieldsOf(input);
  return fields && bytesOf(changed(fields, draw));
};

function changed(fields: Field[], draw: Draw): Field[] {
  const { random } = draw;
  const others = fieldsOf(draw.other) ?? fields;
  if (fields.length === 0) return others.length > 0 ? [random.pick(others)] : [madeUp(draw)];
  const at = random.below(fields.length);
  const field = fields[at]!;
  const result = [...fields];
  switch (random.below(10)) {
    case 0:
      result.splice(at, 1);
      break;
    case 1:
      result.splice(random.below(fields.length + 1), 0, field);
      break;
    case 2:
      result.splice(at, 0, others.length > 0 ? random.pick(others) : madeUp(draw));
      break;
    case 3:
      result[at] = { ...field, number: random.chance(0.5) ? 1 + random.below(40) : random.pick(fields).number };
      break;
    case 4:
      result.splice(at, 0, madeUp(draw));
      break;
    default:
      result[at] = changedField(field, draw);
  }
  return result;
}

function changedField(field: Field, draw: Draw): Field {
  const { random } = draw;
  if (field.wire === 0) return { ...field, bytes: varint(numberNear(field, draw)) };
  if (field.wire !== 2) return { ...field, bytes: fixed(changeBytes(field.bytes, draw), field.wire === 1 ? 8 : 4) };
  const inner = field.bytes.length > 0 && random.chance(0.85) ? fieldsOf(field.bytes) : undefined;
  if (inner !== undefined) return { ...field, bytes: bytesOf(changed(inner, draw)) };
  return random.chance(0.1)
    ? { ...field, wire: 0, bytes: varint(0n) }
    : { ...field, bytes: changeBytes(field.bytes, draw) };
}

function numberNear({ bytes }: Field, draw: Draw): bigint {
  const { random } = draw;
  const value = readVarint(bytes, 0)?.value ?? 0n;
  switch (random.below(5)) {
    case 0:
      return value + BigInt(random.between(-2, 2));
    case 1:
      return value ^ (1n << BigInt(random.below(64)));
    case 2:
      return random.pick([2n ** 63n, 2n ** 63n - 1n, 2n ** 64n - 1n, -(2n ** 31n), 2n ** 53n, 0n]);
    default:
      return BigInt(Math.trunc(anyNumber(draw)));
  }
}

function madeUp(draw: Draw): Field {
  const number = 1 + draw.random.below(30);
  return draw.random.chance(0.7)
    ? { number, wire: 0, bytes: varint(BigInt(anyNumber(draw))) }
    : { number, wire: 2, bytes: Uint8Array.from({ length: draw.random.below(8) }, () => draw.random.below(256)) };
}

function fixed(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  whole.set(bytes.subarray(0, length));
  return whole;
}

/** Takes a message apart; undefined if the bytes are none. */
function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined || tag.value >= 2n ** 32n || tag.value < 8n) return undefined;
    at = tag.end;
    const wire = Number(tag.value & 7n);
    let from = at;
    if (wire === 0) at = readVarint(bytes, at)?.end ?? -1;
    else if (wire === 2) {
      const length = readVarint(bytes, at);
      if (length === undefined || length.value > BigInt(bytes.length)) return undefined;
      from = length.end;
      at = from + Number(length.value);
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4;
    else return undefined;
    if (at < 0 || at > bytes.length) return undefined;
    fields.push({ number: Number(tag.value >> 3n), wire, bytes: bytes.subarray(from, at) });
  }
  return fields;
}

function bytesOf(fields: readonly Field[]): Uint8Array {
  const pieces = fields.flatMap(({ number, wire, bytes }) => {
    const tag = varint((BigInt(number) << 3n) | BigInt(wire));
    return wire === 2 ? [tag, varint(BigInt(bytes.length)), bytes] : [tag, bytes];
  });
  return joined(...pieces);
}

function readVarint(bytes: Uint8Array, at: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    const byte = bytes[at + i]!;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  return undefined;
}

function varint(number: bigint): Uint8Array {
  const bytes: number[] = [];
  let value = BigInt.asUintN(64, number);
  while (value > 127n) {
    bytes.push(Number(value & 127n) | 128);
    value >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(value));
}
