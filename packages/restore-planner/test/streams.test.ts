// Checkpoints that come as streams: standard input, pipes, downloads.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { readCheckpoint, readCheckpointStream } from '@idspace/restore-planner';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gzip, podmanTar, zstdStored } from './support/archives.ts';
import { ociLayout, sha256, tarred } from './support/container-images.ts';
import * as make from './support/images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-streams-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const archive = podmanTar(make.oneProcess([{ itId: 5 }]));

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 511, 512, 100_000])('in pieces of %i bytes, compressed or not', async (size) => {
  for (const bytes of [archive, gzip(archive), zstdStored(archive)]) {
    const { source, processes } = await readCheckpointStream(Readable.from(cut(bytes, size)), 'upload');
    expect(source).toBe('upload');
    expect(processes.map(({ pid, timers }) => [pid, timers[0]!.id])).toEqual([[7, 5]]);
  }
});

async function* late(bytes: Uint8Array, size: number, turns: number): AsyncGenerator<Uint8Array> {
  for (const piece of cut(bytes, size)) {
    for (let i = 0; i < turns; i++) await setImmediate();
    yield piece;
  }
}

test.each([
  [300, 1],
  [5000, 5],
  [20_000, 1],
  [65_536, 20],
])(
  'a blob in gzip of which the beginning is enough, and what follows it, in late pieces of %i bytes',
  async (size, turns) => {
    const noise = new Uint8Array(200_000).map((_, i) => Math.imul(i * i + 1, 0x9e3779b1) >>> 13); // gzip makes it no smaller
    const other = gzip(noise);
    const withMore = gzip(Buffer.concat([archive, noise]));
    const files = { [`blobs/sha256/${sha256(other)}`]: other, ...ociLayout([withMore]) };
    const { processes } = await readCheckpointStream(Readable.from(late(tarred(files), size, turns)), 'upload');
    expect(processes).toHaveLength(1);
  },
);

test('a listing, and what is not a checkpoint', async () => {
  const listing = 'ID: 3\nsignal: 0/0\nnotify: none/pid.7\nClockID: 1\n';
  const { processes } = await readCheckpointStream(Readable.from([Buffer.from(listing)]), '-');
  expect(processes[0]!.timers[0]!.id).toBe(3);
  await expect(readCheckpointStream(Readable.from([]), 'nothing')).rejects.toMatchObject({ got: 'an empty file' });
  const words = readCheckpointStream(Readable.from(['text']) as unknown as AsyncIterable<Uint8Array>, 'words');
  await expect(words).rejects.toMatchObject({ code: 'unreadable', file: 'words', got: 'a chunk of type string' });
});

test('a stream that fails', async () => {
  const stream = new PassThrough();
  stream.write(archive.subarray(0, 1000));
  setTimeout(5).then(() => stream.destroy(new Error('connection reset')));
  await expect(readCheckpointStream(stream, 'upload')).rejects.toMatchObject({
    code: 'unreadable',
    got: 'connection reset',
  });
});

test('a stream that never ends is left on a signal, and destroyed', async () => {
  const stream = new PassThrough();
  stream.write(archive.subarray(0, 1000));
  const reading = readCheckpointStream(stream, 'upload', { signal: AbortSignal.timeout(20) });
  await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(stream.destroyed).toBe(true);
  async function* never(): AsyncGenerator<Uint8Array> {
    yield archive.subarray(0, 1000);
    await new Promise(() => {});
  }
  const waiting = readCheckpointStream(never(), 'upload', { signal: AbortSignal.timeout(20) });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a named pipe: it is waited for, and left on a signal', async () => {
  const path = join(folder, 'pipe');
  writeFileSync(join(folder, 'tar'), archive);
  execFileSync('mkfifo', [path]);
  await expect(readCheckpoint(path, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  const reading = readCheckpoint(path);
  spawn('sh', ['-c', `cat ${join(folder, 'tar')} > ${path}`], { stdio: 'ignore' });
  expect((await reading).processes).toHaveLength(1);
});

// Deno finds no packages from a source.
test.skipIf('Deno' in globalThis)('a pipe of the shell', () => {
  const index = new URL('../src/index.ts', import.meta.url);
  const program = join(folder, 'program.mjs');
  writeFileSync(join(folder, 'tar'), archive);
  writeFileSync(
    program,
    `import { readCheckpoint } from '${index}';
     console.log((await readCheckpoint(process.argv[2])).processes.length);`,
  );
  const node = [process.execPath, ...FROM_SOURCES].join(' ');
  for (const input of [`<(cat ${folder}/tar)`, `/dev/stdin < ${folder}/tar`]) {
    expect(execFileSync('bash', ['-c', `${node} ${program} ${input}`], { encoding: 'utf8' })).toBe('1\n');
  }
});
