// The definitions of messages, read from what protoc-gen-es puts into src/gen, which imports this module in place of the library's reflection: of
// that, ten times as much code, nothing is needed here. Only what our proto files use is known: proto2, int32, uint32, uint64, bool, string,
// messages and lists of them.
// Source: google/protobuf/descriptor.proto (the numbers of fields, labels and types).
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** A message's type: what its fields are is in the intersection that is generated. */
export interface Message<Name extends string = string> {
  readonly $typeName?: Name;
}

/** The types of scalars, by their numbers in descriptors. */
export type Scalar = 'uint64' | 'int32' | 'bool' | 'string' | 'uint32';
const SCALARS: Readonly<Record<number, Scalar>> = { 4: 'uint64', 5: 'int32', 8: 'bool', 9: 'string', 13: 'uint32' };

/** What a scalar field is as long as it has not come. */
const DEFAULTS = { uint64: 0n, int32: 0, bool: false, string: '', uint32: 0 } as const;

const [REQUIRED, REPEATED] = [2, 3];

export interface DescField {
  readonly number: number;
  /** As the definition has it: 'it_id'. */
  readonly name: string;
  /** The name in a message object, which is that of JSON, too: 'itId'. */
  readonly localName: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** Exactly one of these two is there. */
  readonly message: DescMessage | undefined;
  readonly scalar: Scalar | undefined;
  readonly parent: DescMessage;
}

export interface DescMessage {
  readonly name: string;
  /** In the order of the definition. */
  readonly fields: readonly DescField[];
  readonly byNumber: ReadonlyMap<number, DescField>;
  /** Scalar fields that have not come are read from here; `Object.hasOwn` tells. */
  readonly prototype: object;
}

/** The definition of a message of a given type. */
export interface GenMessage<Shape> extends DescMessage {
  readonly shape?: Shape;
}

/** The type of the messages that a definition describes. */
export type MessageShape<Desc> = Desc extends GenMessage<infer Shape> ? Shape : never;

/** The definitions of a file. */
export interface GenFile {
  readonly messages: readonly DescMessage[];
  /** By the name that other files use; those of the files it imports are among them. */
  readonly byName: ReadonlyMap<string, DescMessage>;
}

/** Reads a file's definitions. @param text A FileDescriptorProto in base64. */
export function fileDesc(text: string, imports: readonly GenFile[] = []): GenFile {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const file = partsOf(bytes);
  const scope = file.text(2);
  const parts = file.all(4).map(partsOf);
  const messages = parts.map((part): Draft => {
    return { name: part.text(1), fields: [], byNumber: new Map(), prototype: {} };
  });
  const byName = new Map<string, DescMessage>(imports.flatMap((one) => [...one.byName]));
  for (const message of messages) byName.set(`.${scope}.${message.name}`, message);
  for (const [index, part] of parts.entries()) {
    for (const field of part.all(2)) addField(messages[index]!, partsOf(field), byName);
  }
  return { messages, byName };
}

/** Returns the definition of one of a file's messages. */
export function messageDesc<Shape>(file: GenFile, index: number): GenMessage<Shape> {
  return file.messages[index]!;
}

interface Draft extends DescMessage {
  readonly fields: DescField[];
  readonly byNumber: Map<number, DescField>;
  readonly prototype: Record<string, unknown>;
}

function addField(parent: Draft, part: Parts, byName: ReadonlyMap<string, DescMessage>): void {
  const [name, number, label] = [part.text(1), part.number(3), part.number(4)];
  const scalar = SCALARS[part.number(5)];
  const message = byName.get(part.text(6));
  const localName = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const isList = label === REPEATED;
  const field = { number, name, localName, isList, isRequired: label === REQUIRED, message, scalar, parent };
  parent.fields.push(field);
  parent.byNumber.set(number, field);
  if (scalar !== undefined && !isList) parent.prototype[localName] = DEFAULTS[scalar];
}

/** The fields of one message of a descriptor, by number. */
interface Parts {
  text(number: number): string;
  number(number: number): number;
  all(number: number): Uint8Array[];
}

const LENGTH_DELIMITED = 2;

function partsOf(bytes: Uint8Array): Parts {
  const found = new Map<number, (number | Uint8Array)[]>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const value = wireType === LENGTH_DELIMITED ? reader.bytes() : reader.uint32();
    found.set(number, [...(found.get(number) ?? []), value]);
  }
  const first = (number: number): number | Uint8Array | undefined => found.get(number)?.[0];
  return {
    text: (number) => new TextDecoder().decode(first(number) as Uint8Array | undefined),
    number: (number) => first(number) as number,
    all: (number) => (found.get(number) ?? []) as Uint8Array[],
  };
}
