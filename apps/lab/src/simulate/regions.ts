// Named parts of memory, from the command line and from a file.
import type { Field, Region } from '@idspace/cache-sim';
import { type CommandError, unusable } from '../cli/failure.ts';
import { inBytes, refuse } from '../cli/flag.ts';
import { readText } from '../cli/read-text.ts';

const EXPECTED = 'a JSON array of { name, start, bytes, stride?, fields? }';
const MOST = 2 ** 26; // bytes of a file of regions
const NUMBER = '(0x[\\da-f]{1,16}|\\d{1,16})';
const REGION = new RegExp(`^([^=]+)=${NUMBER}\\+${NUMBER}$`, 'i');

/** Adds a region as `--region` takes it, such as stack=0x1ffe000000+65536, to those before it. */
export function addRegion(text: string, before: Region[] = []): Region[] {
  const match = REGION.exec(text.replace(/\+\S+$/, inBytes));
  if (match === null) return refuse(text, 'name=start+bytes, such as stack=0x1ffe000000+65536');
  return [...before, { name: match[1]!, start: Number(match[2]), bytes: Number(match[3]) }];
}

/**
 * Reads a file of regions: a JSON array of `{ name, start, bytes, stride?, fields? }`; an address may be a string such as "0x1000".
 *
 * @throws CommandError when the file cannot be read or holds something else.
 */
export async function readRegions(path: string, shown: string): Promise<Region[]> {
  const refused = (got: string, cause?: unknown): CommandError => unusable(shown, got, EXPECTED, { cause });
  const text = await readText(path, shown, MOST, EXPECTED);
  if (text === null) throw refused('no such file');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw refused((error as Error).message, error);
  }
  if (!Array.isArray(parsed)) throw refused(`no array`);
  return parsed.map((one, at) => {
    const region = regionOf(one);
    if (region === undefined) throw refused(`${JSON.stringify(one)?.slice(0, 60)} as number ${at}`);
    return region;
  });
}

function regionOf(value: unknown): Region | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, start, bytes, stride, fields } = value as Record<string, unknown>;
  const region = { name, start: numberOf(start), bytes: numberOf(bytes) };
  if (typeof name !== 'string' || region.start === undefined || region.bytes === undefined) return undefined;
  if (stride !== undefined && numberOf(stride) === undefined) return undefined;
  if (fields !== undefined && !(Array.isArray(fields) && fields.every(isField))) return undefined;
  return {
    ...(region as Region),
    ...(stride !== undefined && { stride: numberOf(stride)! }),
    ...(fields && { fields }),
  } as Region;
}

function isField(value: unknown): value is Field {
  if (typeof value !== 'object' || value === null) return false;
  const { name, offset, bytes } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof offset === 'number' && typeof bytes === 'number';
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && new RegExp(`^${NUMBER}$`, 'i').test(value) ? Number(value) : undefined;
}
