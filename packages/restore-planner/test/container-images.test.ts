// Checkpoints in container images, from which Kubernetes restores: every layout, as a folder and as an archive of it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCheckpoint } from '@idspace/restore-planner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gzip, memberBytes, podmanTar, tarOf, zstdStored } from './support/archives.ts';
import {
  ctrLayout,
  dockerArchive,
  type Files,
  ociLayout,
  sha256,
  skopeoDir,
  tarred,
} from './support/container-images.ts';
import * as make from './support/images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-oci-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const layer = podmanTar(make.oneProcess([{ itId: 5 }]));
const LAYOUTS: [string, Files][] = [
  ['an OCI layout', ociLayout([layer])],
  ['an OCI layout in gzip', ociLayout([gzip(layer)])],
  ['an OCI layout in zstd', ociLayout([zstdStored(layer)])],
  ['an index in an index', ociLayout([layer], { nested: true })],
  ['two layers', ociLayout([tarOf({ name: 'etc/passwd', data: Buffer.from('x') }), layer])],
  ['an export of ctr', ctrLayout(podmanTar(make.oneProcess([{ itId: 5 }]), ''))],
  ['an archive of docker', dockerArchive(layer)],
  ['an archive of podman for docker', dockerArchive(layer, `${sha256(layer)}.tar`)],
  ['a folder of skopeo', skopeoDir(gzip(layer))],
];

function written(files: Files, name = 'layout'): string {
  for (const [path, bytes] of Object.entries(files)) {
    const full = join(folder, name, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
  }
  return join(folder, name);
}

function archived(bytes: Uint8Array): string {
  const path = join(folder, 'archive');
  writeFileSync(path, bytes);
  return path;
}

describe.each(LAYOUTS)('%s', (_, files) => {
  test('as a folder, and as an archive in every order and compression', async () => {
    const { processes } = await readCheckpoint(archived(layer));
    expect((await readCheckpoint(written(files))).processes).toEqual(processes);
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    for (const bytes of [tarred(files), tarred(reversed), tarred(files, './'), tarred(files, 'image/')]) {
      for (const compress of [(plain: Uint8Array) => plain, gzip, zstdStored]) {
        const checkpoint = await readCheckpoint(archived(compress(bytes)));
        expect(checkpoint.processes).toEqual(processes);
        expect(checkpoint.complete).toBe(true);
      }
    }
  });
});

describe('the names that images give', () => {
  test.each([
    ['io.kubernetes.cri-o.annotations.checkpoint.name'],
    ['io.podman.annotations.checkpoint.name'],
    ['org.criu.checkpoint.container.name'],
    ['io.kubernetes.container.name'],
  ])('%s', async (key) => {
    const files = ociLayout([layer]);
    for (const [name, bytes] of Object.entries(files)) {
      const text = Buffer.from(bytes).toString();
      if (!text.includes('cri-o')) continue;
      const annotations = `"${key}":"web","org.criu.checkpoint.pod.name":"shop","org.criu.checkpoint.pod.namespace":"prod",`;
      const manifest = text.replace(
        /"io.kubernetes.cri-o[^}]*/,
        `${annotations}"org.criu.checkpoint.host.kernel":"6.12.1"`,
      );
      delete files[name];
      files[`blobs/sha256/${sha256(Buffer.from(manifest))}`] = Buffer.from(manifest);
      const index = Buffer.from(files['index.json']!).toString();
      files['index.json'] = Buffer.from(index.replace(name.slice(-64), sha256(Buffer.from(manifest))));
    }
    expect(await readCheckpoint(written(files))).toMatchObject({
      kernelRelease: '6.12.1',
      containers: [{ name: 'web', pod: 'prod/shop' }],
    });
  });

  test('what the layer itself says comes first', async () => {
    const named = podmanTar(make.oneProcess([{ itId: 5 }]), 'checkpoint/', [
      { name: 'config.dump', data: Buffer.from('{"name":"inner","id":"f00"}') },
    ]);
    expect((await readCheckpoint(written(ociLayout([named])))).containers).toEqual([{ name: 'inner', id: 'f00' }]);
  });
});

test('several images are several containers', async () => {
  const one = ociLayout([layer], { name: 'web' });
  const two = ociLayout([podmanTar(make.oneProcess([{ itId: 8 }]))], { name: 'db' });
  const manifests = [one, two].flatMap((files) => JSON.parse(Buffer.from(files['index.json']!).toString()).manifests);
  const files = { ...one, ...two, 'index.json': Buffer.from(JSON.stringify({ manifests })) };
  const { containers, processes } = await readCheckpoint(written(files));
  expect(containers).toEqual([{ name: 'web' }, { name: 'db' }]);
  expect(processes.map(({ container, timers }) => [container, timers[0]!.id])).toEqual([
    ['web', 5],
    ['db', 8],
  ]);
});

describe('refuses', () => {
  const both = async (files: Files, expected: object): Promise<void> => {
    await expect(readCheckpoint(written(files))).rejects.toMatchObject({ name: 'CheckpointError', ...expected });
    await expect(readCheckpoint(archived(tarred(files)))).rejects.toMatchObject({
      name: 'CheckpointError',
      ...expected,
    });
    rmSync(join(folder, 'layout'), { recursive: true });
  };
  const index = (...manifests: unknown[]): Files => ({
    'oci-layout': Buffer.from('{}'),
    'blobs/sha256/.keep': Buffer.from(''),
    'index.json': Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })),
  });

  test('digests that are paths', async () => {
    for (const digest of ['sha256:../../../../etc/passwd', 'md5:00', `sha256:${'A'.repeat(64)}`, 7, undefined]) {
      await both(index({ digest }), { code: 'bad-path', got: expect.stringContaining('the digest') });
    }
    const docker = dockerArchive(layer, `${sha256(layer)}.tar`);
    docker['manifest.json'] = Buffer.from('[{"Layers":["../../etc/passwd"]}]');
    await both(docker, { code: 'bad-path', got: 'the layer "../../etc/passwd"' });
  });

  test('a blob that is not there, and one that is not what its digest says', async () => {
    const files = ociLayout([layer]);
    delete files[`blobs/sha256/${sha256(layer)}`];
    await both(files, { code: 'missing-file', file: expect.stringContaining(sha256(layer)) });
    const other = ociLayout([layer]);
    for (const name of Object.keys(other)) {
      if (Buffer.from(other[name]!).includes('cri-o')) other[name] = Buffer.from(`${other[name]} `);
    }
    await both(other, { code: 'bad-archive', got: expect.stringContaining('a document whose sha256 is') });
  });

  test('an image that holds no checkpoint, and no image', async () => {
    const rootfs = tarOf({ name: 'etc/passwd', data: Buffer.from('x') });
    await both(ociLayout([rootfs]), { code: 'missing-file', got: 'a container image that holds no checkpoint' });
    await both(index(), { code: 'missing-file', got: 'a container image without layers' });
  });

  test('an index that leads to itself, or nowhere', async () => {
    const files = index({ digest: `sha256:${sha256(Buffer.from('{}'))}` });
    files[`blobs/sha256/${sha256(Buffer.from('{}'))}`] = Buffer.from('{}');
    await both(files, { code: 'missing-file', got: 'a container image without layers' });
    await both({ ...index(), 'index.json': Buffer.from('{"manifests":') }, { code: 'bad-json' });
    const many = Array.from({ length: 2000 }, (_, at) => ({ digest: `sha256:${sha256(Buffer.from(`${at}`))}` }));
    await both(index(...many), { code: 'too-large', got: 'more than 1024 manifests and layers' });
  });

  test('a damaged layer, a failed dump and a pre-dump in one, in their own words', async () => {
    await both(ociLayout([gzip(layer).subarray(0, 200)]), { code: 'truncated' });
    const log = Buffer.from('(00.01) Error (criu/x.c:1): no\n(00.02) Error (criu/cr-dump.c): Dumping FAILED.\n');
    const failed = tarOf({ name: 'checkpoint/dump.log', data: log }, { name: 'checkpoint/ids-1.img' });
    await both(ociLayout([failed]), { code: 'failed-dump', got: expect.stringContaining('Dumping FAILED.') });
    const images = { 'inventory.img': make.inventory(2), 'pages-1.img': new Uint8Array(9) };
    await both(ociLayout([podmanTar(images)]), { code: 'pre-dump' });
  });

  test('links to a blob', async () => {
    const files = ociLayout([layer]);
    const path = written(files);
    rmSync(join(path, 'blobs/sha256', sha256(layer)));
    writeFileSync(join(folder, 'elsewhere'), layer);
    symlinkSync(join(folder, 'elsewhere'), join(path, 'blobs/sha256', sha256(layer)));
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'not-a-file', got: 'a symbolic link' });
  });
});

test('a damaged blob that no image needs', async () => {
  const damaged = gzip(layer).subarray(0, 200);
  const files = { [`blobs/sha256/${sha256(damaged)}`]: damaged, ...ociLayout([layer]) };
  for (const path of [written(files), archived(tarred(files))]) {
    expect((await readCheckpoint(path)).processes).toHaveLength(1);
  }
});

test('the volumes of a container, which podman names like blobs, are not looked into', async () => {
  const volume = memberBytes({ name: `volumes/${'a'.repeat(64)}.tar`, data: new Uint8Array(512).fill(1) });
  expect((await readCheckpoint(archived(Buffer.concat([volume, layer])))).processes).toHaveLength(1);
});
