// Decodes an entry, after a check that is as strict as CRIU's own: the decoder takes a field by its number alone, whatever its wire type, lets a nested
// message run past its end, and does not miss required fields. An image with such a defect would yield plausible wrong IDs.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { CheckpointError } from '../checkpoint-error.ts';
import { fromBinary } from '../protobuf/decode.ts';
import type { DescField, DescMessage, MessageShape } from '../protobuf/schema.ts';
import type { ImageEntry } from './framing.ts';

/** A message, and where it was found. */
export interface Decoded<Message> {
  message: Message;
  where: { file: string; offset: number };
}

/**
 * Decodes one entry of an image.
 *
 * @param schema A message whose scalars are all varints (int32, uint32, uint64, bool) or strings, the latter not in lists.
 * @throws CheckpointError, with the byte where decoding stopped, if the payload is no such message or lacks a required field.
 */
export function decodeMessage<Desc extends DescMessage>(
  schema: Desc,
  { file, offset, payload }: ImageEntry,
): Decoded<MessageShape<Desc>> {
  const reader = new BinaryReader(payload);
  try {
    checkMessage(schema, reader, reader.len, { left: MAX_UNKNOWN });
    return { message: fromBinary(schema, payload) as MessageShape<Desc>, where: { file, offset } };
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    const stopped = offset + Math.min(reader.pos, reader.len);
    throw new CheckpointError('bad-message', { file, offset: stopped }, got, `a ${schema.name}`, cause);
  }
}

/** What the check needs of a message's definition. */
interface Shape {
  name: string;
  fields: ReadonlyMap<number, DescField>;
  required: DescField[];
  /** A bit for each required field; our definitions number their fields below 32. */
  requiredBits: number;
  /** Elements of its lists, at most. */
  mostRepeated: number;
}

const MAX_REPEATED = 2 ** 20; // elements of one list, such as the timers of a process; an entry has room for 760,000
/** The same for messages that are kept as they are decoded: timers of a process, watches of a file, AIO rings of a process. */
const MAX_KEPT: Readonly<Record<string, number>> = {
  TaskTimersEntry: 2 ** 18,
  InotifyFileEntry: 2 ** 19,
  MmEntry: 2 ** 16,
};
const MAX_UNKNOWN = 2 ** 21; // fields of an entry that our definitions leave out; those known are bounded by their lists

const shapes = new WeakMap<DescMessage, Shape>();

function shapeOf(schema: DescMessage): Shape {
  let shape = shapes.get(schema);
  if (shape === undefined) {
    const required = schema.fields.filter(({ isRequired }) => isRequired);
    const requiredBits = required.reduce((bits, { number }) => bits | (1 << number), 0);
    const mostRepeated = MAX_KEPT[schema.name] ?? MAX_REPEATED;
    shape = { name: schema.name, fields: schema.byNumber, required, requiredBits, mostRepeated };
    shapes.set(schema, shape);
  }
  return shape;
}

/** How many unknown fields may still come. */
interface Budget {
  left: number;
}

/** Walks one message up to `end`. */
function checkMessage(schema: DescMessage, reader: BinaryReader, end: number, budget: Budget): void {
  const { name, fields, required, requiredBits, mostRepeated } = shapeOf(schema);
  let seenBits = 0;
  let repeated = 0;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    if (field === undefined) {
      if (budget.left-- === 0) throw new Error(`more than ${MAX_UNKNOWN} unknown fields`);
      reader.skip(wireType, number);
    } else {
      checkField(field, wireType, reader, end, budget);
      seenBits |= 1 << number;
      if (field.isList && ++repeated > mostRepeated) throw new Error(`more than ${mostRepeated} ${field.name}`);
    }
    if (reader.pos > end) throw new Error(`a field ${number} that runs past the end of ${name}`);
  }
  if ((seenBits & requiredBits) === requiredBits) return;
  const missing = required.find(({ number }) => (seenBits & (1 << number)) === 0);
  throw new Error(`a ${name} without the required field ${missing?.name}`);
}

function checkField(field: DescField, wireType: WireType, reader: BinaryReader, end: number, budget: Budget): void {
  const inner = field.message;
  const isText = field.scalar === 'string';
  const packed = wireType === WireType.LengthDelimited && field.isList && inner === undefined;
  const expected = inner === undefined && !packed && !isText ? WireType.Varint : WireType.LengthDelimited;
  if (wireType !== expected) throw new Error(`field ${field.name} with wire type ${wireType} instead of ${expected}`);
  const value = reader.uint32(); // the low half of a longer one; skip() would allocate
  if (expected === WireType.Varint) return;
  const innerEnd = reader.pos + value;
  if (innerEnd > end) throw new Error(`field ${field.name} of ${value} bytes with ${end - reader.pos} left`);
  if (inner !== undefined) checkMessage(inner, reader, innerEnd, budget);
  else if (isText) reader.pos = innerEnd;
  else while (reader.pos < innerEnd) reader.uint32();
  if (reader.pos !== innerEnd) throw new Error(`field ${field.name} that runs past its end`);
}
