// Links: a session's whole state in the hash of a URL, in at most 2 kB.
import { grouped } from './grouped.ts';
import { read, written } from './operations.ts';
import type { SessionState } from './session.ts';
import { checkSetup, isWithin, type Setup } from './setup.ts';

/** Characters of a link's state at most. */
export const MAX_LINK = 2000;
/** Characters of a state that was packed at most: what unpacks to more is no link of ours. */
const MAX_TEXT = 65_536;
/** Longer texts are packed, where that makes them shorter. */
const PLAIN = 300;

/** A link that cannot be made, or that is damaged. The message can be shown as it is. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

/**
 * Writes a state for a URL.
 *
 * @returns At most 2,000 characters that need no escape.
 * @throws LinkError where the history is too long for that.
 */
export async function toLink({ setup, operations, position, access }: SessionState): Promise<string> {
  const { release, criu, cpus, hardware, seed, beside } = setup;
  const fields = [release, criu, cpus, hardware, seed, beside, position, access, written(operations)].join('~');
  const text = `${fields}~${checksum(fields)}`;
  const packed = text.length > PLAIN && typeof CompressionStream === 'function' ? `z${await pack(text)}` : undefined;
  const link = packed !== undefined && packed.length < text.length ? packed : `t${text}`;
  if (link.length <= MAX_LINK) return link;
  const runs = grouped(operations.length);
  throw new LinkError(
    `This history is too long for a link: ${runs} operations take ${grouped(link.length)} characters, and ${grouped(MAX_LINK)} fit.`,
  );
}

/**
 * Reads what `toLink` wrote.
 *
 * @throws LinkError for any other text, saying what is wrong with it.
 */
export async function fromLink(link: string): Promise<SessionState> {
  if (link.length > MAX_LINK)
    throw damaged(`it has ${grouped(link.length)} characters, and ${grouped(MAX_LINK)} is the most`);
  const text = link[0] === 't' ? link.slice(1) : link[0] === 'z' ? await unpack(link.slice(1)) : undefined;
  if (text === undefined) throw damaged("it begins with neither 't' nor 'z'");
  const end = text.lastIndexOf('~');
  if (end < 0 || checksum(text.slice(0, end)) !== text.slice(end + 1))
    throw damaged('a part of it is missing or changed');
  const [release, criu, cpus, hardware, seed, beside, position, access, operations, ...more] = text
    .slice(0, end)
    .split('~');
  if (operations === undefined || more.length > 0) throw damaged('it has another number of parts');
  try {
    const setup: Setup = checkSetup({ release, criu, cpus: number(cpus), hardware, seed: number(seed), beside });
    return { setup, operations: read(operations), position: number(position), access: number(access) };
  } catch (error) {
    if (error instanceof RangeError) throw damaged(error.message);
    throw error;
  }
}

function damaged(why: string): LinkError {
  return new LinkError(`This link cannot be read: ${why}. The page shows its beginning instead.`);
}

function number(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (isWithin(value, 0, Number.MAX_SAFE_INTEGER)) return value;
  throw new RangeError(`got "${text.slice(0, 20)}"; expected a number`);
}

/** Four characters that tell a damaged text with near certainty. Reference: FNV-1a. */
function checksum(text: string): string {
  let hash = 0x811c_9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x0100_0193);
  return (hash >>> 0).toString(36).slice(-4).padStart(4, '0');
}

async function pack(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'), MAX_TEXT);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function unpack(text: string): Promise<string> {
  if (!/^[\w-]*$/.test(text)) throw damaged('it has characters that no link has');
  if (typeof DecompressionStream !== 'function') throw damaged('this browser cannot unpack it');
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(
      await through(bytes, new DecompressionStream('deflate-raw'), MAX_TEXT),
    );
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw damaged('it does not unpack');
  }
}

/** Sends bytes through a stream. @throws LinkError where more than `most` come out. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: { readable: ReadableStream<Uint8Array>; writable: WritableStream<BufferSource> },
  most: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What goes wrong here goes wrong at the other end, too, where it is waited for.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length <= most) continue;
    await reader.cancel();
    throw damaged(`it unpacks to more than ${most} bytes`);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
