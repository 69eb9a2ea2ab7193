// Makes message objects, empty ones and those of bytes, by a definition. The library reads the wire; what a field becomes is here.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { DescField, DescMessage, GenMessage } from './schema.ts';

/** A message while its type is not looked at. */
type Fields = Record<string, unknown>;

/** Makes a message in which nothing has come: scalars read as their defaults, lists are empty. */
export function create<Shape>(schema: GenMessage<Shape>): Shape {
  const message = Object.create(schema.prototype) as Fields;
  for (const { isList, localName } of schema.fields) if (isList) message[localName] = [];
  return message as Shape;
}

/**
 * Decodes a message: a field that comes again replaces the one before, or is merged into it, if it is a message. Unknown fields are left out.
 *
 * @param payload Checked before: wire types are those of the fields, and nested messages end within their own.
 * @throws Error where the bytes end too early, or a number has no end.
 */
export function fromBinary<Shape>(schema: GenMessage<Shape>, payload: Uint8Array): Shape {
  const message = create(schema);
  const reader = new BinaryReader(payload);
  readInto(message as Fields, schema, reader, reader.len);
  return message;
}

function readInto(message: Fields, schema: DescMessage, reader: BinaryReader, end: number): void {
  const { byNumber } = schema;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = byNumber.get(number);
    if (field === undefined) reader.skip(wireType, number);
    else readField(message, field, reader, wireType);
  }
}

function readField(owner: Fields, field: DescField, reader: BinaryReader, wireType: WireType): void {
  const { isList, localName, message: schema } = field;
  if (schema !== undefined) {
    const end = reader.uint32() + reader.pos;
    const message =
      (!isList && (owner[localName] as Fields | undefined)) || create<Fields>(schema as GenMessage<Fields>);
    readInto(message, schema, reader, end);
    if (isList) (owner[localName] as Fields[]).push(message);
    else owner[localName] = message;
  } else if (!isList) owner[localName] = readScalar(field, reader);
  else if (wireType !== WireType.LengthDelimited) (owner[localName] as unknown[]).push(readScalar(field, reader));
  else {
    const end = reader.uint32() + reader.pos; // packed
    while (reader.pos < end) (owner[localName] as unknown[]).push(readScalar(field, reader));
  }
}

function readScalar({ scalar }: DescField, reader: BinaryReader): bigint | number | boolean | string {
  switch (scalar) {
    case 'uint64':
      return BigInt(reader.uint64());
    case 'int32':
      return reader.int32();
    case 'bool':
      return reader.bool();
    case 'string':
      return reader.string();
    default:
      return reader.uint32();
  }
}
