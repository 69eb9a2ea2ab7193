// exampleImages: the images of a checkpoint in the page, without what the planner does not read of them.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

const PROTO = join(import.meta.dirname, '../../../packages/restore-planner/proto');
/** The message of the images that are mostly something else: registers, mappings, paths. By the kind in their names. */
const MESSAGES: Readonly<Record<string, string>> = {
  core: 'CoreEntry',
  mm: 'MmEntry',
  files: 'FileEntry',
  'tty-info': 'TtyInfoEntry',
};
/** Two magic numbers come before the entries, and a length before each. u32 each. */
const HEADER = 8;
const LENGTH = 4;

/** An import that ends in `.img?hex` gets the image as hexadecimal digits: gzip makes less of these than of base64. */
export function exampleImages(): Plugin {
  return {
    name: 'example-images',
    enforce: 'pre', // before Vite's own for files
    load: (id) =>
      id.endsWith('.img?hex')
        ? `export default '${withoutUnread(id.slice(0, -'?hex'.length)).toString('hex')}'`
        : undefined,
  };
}

/** The fields of a message: by number, the type. */
type Fields = ReadonlyMap<number, string>;

/** An image whose entries have only the fields that the planner's definitions have. */
function withoutUnread(path: string): Buffer {
  const image = readFileSync(path);
  const [, kind] = /^([a-z-]+?)(?:-\d+)?\.img$/.exec(basename(path))!;
  const message = MESSAGES[kind!];
  if (message === undefined) return image;
  const messages = definitions();
  const kept: Buffer[] = [image.subarray(0, HEADER)];
  for (let at = HEADER; at < image.length; ) {
    const end = at + LENGTH + image.readUInt32LE(at);
    const entry = onlyKnown(image.subarray(at + LENGTH, end), messages, message);
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32LE(entry.length);
    kept.push(length, entry);
    at = end;
  }
  return Buffer.concat(kept);
}

/** The planner's definitions, by the name of the message. */
function definitions(): Map<string, Fields> {
  const text = readdirSync(PROTO)
    .map((name) => readFileSync(join(PROTO, name), 'utf8').replace(/\/\/.*/g, ''))
    .join('');
  return new Map(
    Array.from(text.matchAll(/message (\w+) \{([^}]*)\}/g), ([, name, body]) => [
      name!,
      new Map(Array.from(body!.matchAll(/(\w+) \w+ = (\d+);/g), ([, type, number]) => [Number(number), type!])),
    ]),
  );
}

function onlyKnown(message: Buffer, messages: ReadonlyMap<string, Fields>, name: string): Buffer {
  const kept: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const from = at;
    const key = varint();
    const type = messages.get(name)!.get(key >> 3);
    if ((key & 7) === 0) {
      varint();
      if (type !== undefined) kept.push(message.subarray(from, at));
      continue;
    }
    if ((key & 7) !== 2) throw new Error(`example-images: got wire type ${key & 7} in ${name}, expected 0 or 2`);
    const tag = message.subarray(from, at);
    const length = varint();
    const inner = message.subarray(at, at + length);
    at += length;
    if (type === undefined) continue;
    const part = messages.has(type) ? onlyKnown(inner, messages, type) : inner;
    kept.push(tag, varintOf(part.length), part);
  }
  return Buffer.concat(kept);
}

function varintOf(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), varintOf(value >> 7)]);
}
