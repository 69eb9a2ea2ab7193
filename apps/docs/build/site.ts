// Builds the site: `pnpm site`. With --serve it is shown afterwards, and with --dev pages are shown as they are written.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, createServer, serve } from 'vitepress';
import { writeApi } from './api.ts';

const here = join(import.meta.dirname, '..');
const root = join(here, '../..');
const flags = process.argv.slice(2);
const unknown = flags.filter((flag) => !['--serve', '--dev'].includes(flag));
const explorer = join(root, 'apps/explorer/dist/index.html');

if (unknown.length > 0) {
  console.error(`site: got ${unknown.join(' ')}, expected --serve, --dev or nothing`);
  process.exitCode = 2;
} else if (!existsSync(explorer)) {
  console.error('site: apps/explorer/dist/index.html is missing: run `pnpm build`');
  process.exitCode = 3;
} else {
  mkdirSync(join(here, 'public'), { recursive: true });
  copyFileSync(explorer, join(here, 'public/explorer.html'));
  await writeApi(root);
  if (flags.includes('--dev')) {
    const server = await createServer(here);
    await server.listen();
    server.printUrls();
  } else {
    await build(here);
    if (flags.includes('--serve')) await serve({ root: here });
  }
}
