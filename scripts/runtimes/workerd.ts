// Runs a bundle in workerd, the runtime of Cloudflare Workers: one request runs all of it.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Outcome } from './outcome.ts';
import { Watch } from './process.ts';

/** What the runtime is told: its modules, the one that handles requests first, and a socket. */
function config(module: string): string {
  const first = basename(module);
  const others = readdirSync(dirname(module)).filter((name) => name.endsWith('.mjs') && name !== first);
  const modules = [first, ...others].map((name) => `(name = "${name}", esModule = embed "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${modules.join(', ')}], compatibilityDate = "2026-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`;
}

/** Runs a bundle in a process of its own. */
export async function inWorkerd(program: string, module: string, report: (outcome: Outcome) => void): Promise<void> {
  const file = join(dirname(module), 'config.capnp');
  writeFileSync(file, config(module));
  const child = spawn(program, ['serve', file, '--control-fd=3'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const watch = new Watch(() => child.kill('SIGKILL'));
  let last = '';
  child.stderr!.on('data', (data) => (last = (last + data).slice(-2_000)));
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  try {
    const port = await portOf(child.stdio[3] as Readable);
    if (port === undefined) throw new Error(`does not begin: ${last}`);
    const { body } = await fetch(`http://127.0.0.1:${port}/`);
    let isWhole = false;
    for await (const line of createInterface({ input: Readable.fromWeb(body as never) })) {
      watch.touch();
      if (line === 'end') isWhole = true;
      else if (line !== '') report(JSON.parse(line));
    }
    if (!isWhole) throw new Error(`ended before its last test: ${last}`);
  } finally {
    watch.end();
    child.kill();
    await closed;
  }
}

/** Waits for the message that says where the runtime listens. */
async function portOf(control: Readable): Promise<number | undefined> {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line) as { event: string; port?: number };
    if (event === 'listen') return port;
  }
  return undefined;
}
