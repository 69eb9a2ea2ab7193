// Runs a bundle in Chromium: a page from a server that isolates it, or a module worker of that page.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Outcome } from './outcome.ts';
import { Watch } from './process.ts';

const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A hidden page's timers are slowed otherwise.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Errors before the first test are reported, too. Where that fails, it fails once. */
const page = (module: string, isWorker: boolean): string => `<!doctype html><meta charset="utf-8"><script>
const failed = (event) => fetch('/failed', { method: 'POST', body: event.message ?? String(event.reason ?? event) }).catch(() => {});
addEventListener('error', failed);
addEventListener('unhandledrejection', failed);
</script><script type="module">
const load = ${isWorker ? `() => { new Worker('/${module}', { type: 'module' }).onerror = failed; }` : `() => import('/${module}')`};
load();
</script>`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function serve(module: string, isWorker: boolean, onPost: (path: string, body: string) => void): Server {
  const folder = dirname(module);
  return createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (request.method === 'POST') {
      onPost(path, await bodyOf(request));
      response.writeHead(204, ISOLATED).end();
    } else if (path === '/') {
      response.writeHead(200, { ...ISOLATED, 'Content-Type': 'text/html' }).end(page(basename(module), isWorker));
    } else if (path.endsWith('.mjs')) {
      const code = readFileSync(join(folder, basename(path)));
      response.writeHead(200, { ...ISOLATED, 'Content-Type': 'text/javascript' }).end(code);
    } else response.writeHead(404, ISOLATED).end();
  });
}

/** Runs a bundle in a browser of its own. */
export async function inChromium(
  browser: string,
  module: string,
  isWorker: boolean,
  report: (outcome: Outcome) => void,
): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'idspace-runtimes-'));
  let settle: { resolve(): void; reject(error: Error): void };
  const whole = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  const watch = new Watch(() => settle.reject(new Error('said nothing for long')));
  const server = serve(module, isWorker, (path, body) => {
    watch.touch();
    if (path === '/failed') settle.reject(new Error(body));
    else if (body === 'end') settle.resolve();
    else report(JSON.parse(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // The pipe closes with this process, however that ends, and the browser with the pipe.
  const child = spawn(browser, [...QUIET, '--remote-debugging-pipe', `--user-data-dir=${profile}`, url], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  void closed.then(() => settle.reject(new Error('the browser ended')));
  try {
    await whole;
  } finally {
    watch.end();
    child.kill();
    await closed;
    server.closeAllConnections();
    server.close();
    // Processes of the browser may still write there: what is left is no fault of a test.
    await rm(profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
  }
}
