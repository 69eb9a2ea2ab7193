// A registry of packages on this machine: takes what is published, and has everything else from the real one.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A version as npm sees it. */
export interface PublishedVersion {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  dist: { tarball: string; integrity: string };
}

interface Packument {
  name: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, PublishedVersion>;
}

export interface Registry {
  /** With a slash at its end. */
  readonly url: string;
  /** What was published, by name. */
  readonly packages: ReadonlyMap<string, Packument>;
  /** Publications that were refused: name and why. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a registry that checks what npm's does: the token, that no version is replaced, that a tarball is what its integrity says.
 *
 * @param token What publishing needs.
 * @param upstream The registry of all other packages.
 */
export async function startRegistry(token: string, upstream: string): Promise<Registry> {
  const packages = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => reply(response, 502, { error: String(error) }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url!.split('?')[0]!).slice(1);
    if (request.method === 'PUT') {
      const sent = JSON.parse(await bodyOf(request));
      const [status, error] = publish(sent, request.headers.authorization);
      if (error !== '') refused.push(`${sent.name}: ${error}`);
      return reply(response, status, error === '' ? { ok: true } : { error });
    }
    if (request.method !== 'GET') return reply(response, 405, { error: 'not here' });
    const tarball = tarballs.get(path);
    if (tarball !== undefined) return void response.end(tarball);
    const packument = packages.get(path);
    if (packument !== undefined) return reply(response, 200, packument);
    // Ours come from here alone, whatever the real registry has under their names.
    if (/^(@idspace\/|idspace$)/.test(path)) return reply(response, 404, { error: 'not found' });
    const headers = { accept: request.headers.accept ?? '*/*' };
    const got = await fetch(new URL(request.url!.slice(1), upstream), { headers });
    response.writeHead(got.status, { 'content-type': got.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await got.arrayBuffer()));
  }

  /** Takes a version. @returns The status, and the error or ''. */
  function publish(
    sent: Packument & { _attachments: Record<string, { data: string }> },
    authorization: string | undefined,
  ): [number, string] {
    const [version, manifest] = Object.entries(sent.versions)[0]!;
    const [attachment] = Object.values(sent._attachments);
    const bytes = Buffer.from(attachment!.data, 'base64');
    const known = packages.get(sent.name);
    if (authorization !== `Bearer ${token}`) return [401, 'a token is needed'];
    if (known?.versions[version]) return [403, 'cannot publish over the previously published version'];
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (manifest.dist.integrity !== integrity) return [400, 'the tarball is not what its integrity says'];
    const at = `${sent.name}/-/${sent.name.split('/').at(-1)}-${version}.tgz`;
    tarballs.set(at, bytes);
    manifest.dist.tarball = new URL(at, url).href;
    packages.set(sent.name, {
      name: sent.name,
      'dist-tags': { ...known?.['dist-tags'], ...sent['dist-tags'] },
      versions: { ...known?.versions, [version]: manifest },
    });
    return [201, ''];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, packages, refused, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
