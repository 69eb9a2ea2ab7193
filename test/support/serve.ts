// A web server for the files of a folder, as any host of pages is one.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Finds the file of an address, below a folder: '/a' is a.html, '/a/' is a/index.html. Undefined where there is none. */
export function fileOf(folder: string, path: string): string | undefined {
  const at = join(folder, decodeURIComponent(path));
  const candidates = path.endsWith('/') ? [join(at, 'index.html')] : [at, `${at}.html`];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}

/** Serves a folder. @param headers Sent with every file. */
export async function serve(
  folder: string,
  headers: Record<string, string> = {},
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const file = fileOf(folder, new URL(request.url!, 'http://any').pathname);
    if (file === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'text/plain' })
        .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
