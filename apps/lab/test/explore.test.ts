// idspace explore: where the page is, how it is opened, what is said where nothing opens it.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { demo } from '../src/demo/command.ts';
import { explorerBeside, explorerPage } from '../src/explore/explorer-page.ts';
import { openerOf } from '../src/explore/opener.ts';
import { EXPLORER_PAGE } from '../src/installed.ts';
import { Collector, idspace } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-explore-'));
const bin = join(folder, 'bin');
const desktop = { PATH: `${bin}:${process.env.PATH}`, DISPLAY: ':0', OPENED: join(folder, 'opened') };

/** Makes an opener of a shell script. */
function opener(script: string): void {
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'xdg-open'), 0o755);
}

// From the sources, the page is the explorer's own build; a stand-in serves where that has not been made.
const isStandIn = !existsSync(EXPLORER_PAGE);
beforeAll(() => {
  mkdirSync(bin);
  if (!isStandIn) return;
  mkdirSync(dirname(EXPLORER_PAGE), { recursive: true });
  writeFileSync(EXPLORER_PAGE, '<!doctype html><title>stand-in</title>');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (isStandIn) rmSync(EXPLORER_PAGE);
});

describe('the page', () => {
  test('is printed with its URL', async () => {
    const { out, err, exitCode } = await idspace(['explore', '--no-open'], { folder });
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
    expect(out).toBe(`${EXPLORER_PAGE}\n  ${pathToFileURL(EXPLORER_PAGE).href}\n`);
  });

  test('is written where it is asked for, and named in JSON', async () => {
    const { out } = await idspace(['explore', '--output', 'new folder/p#1.html', '--no-open', '--json'], { folder });
    const page = join(folder, 'new folder/p#1.html');
    expect(JSON.parse(out)).toEqual({ page, url: pathToFileURL(page).href, opened: false });
    expect(readFileSync(page, 'utf8')).toBe(readFileSync(EXPLORER_PAGE, 'utf8'));
  });

  test('is refused where it cannot be written, or is not there', async () => {
    expect(await idspace(['explore', '--output', 'bin', '--no-open'], { folder })).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('got a folder, expected a file that can be written'),
    });
    expect(() => explorerPage(join(folder, 'none.html'))).toThrow(
      /got no such file, expected the page of the explorer\nIn a clone/,
    );
    expect((await idspace(['explore', 'now'], { folder })).exitCode).toBe(2);
  });

  test('has a name beside a report', () => {
    expect(explorerBeside('report/index.html')).toBe(join('report', 'explorer.html'));
    expect(explorerBeside('ids.html')).toBe('ids-explorer.html');
    expect(explorerBeside('explorer')).toBe('explorer-explorer.html');
  });
});

describe.skipIf(process.platform !== 'linux')('the opener', () => {
  // Its time does not run out, however busy the machine is.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('gets the URL', async () => {
    opener('printf %s "$1" > "$OPENED"');
    const { out, err } = await idspace(['explore', '--json'], { folder, env: desktop });
    expect({ err, ...JSON.parse(out) }).toMatchObject({ err: '', opened: true });
    expect(readFileSync(desktop.OPENED, 'utf8')).toBe(pathToFileURL(EXPLORER_PAGE).href);
  });

  test('that fails is told, and the page is printed all the same', async () => {
    opener('exit 3');
    const { out, err, exitCode } = await idspace(['explore'], { folder, env: desktop });
    expect(err).toBe('idspace explore: no browser was opened: xdg-open ended with code 3\n');
    expect(out).toContain(`${pathToFileURL(EXPLORER_PAGE).href}\nOpen it with any browser`);
    expect(exitCode).toBe(0);
  });

  test('is not looked for without a desktop, or with --no-open', async () => {
    rmSync(desktop.OPENED, { force: true });
    opener('touch "$OPENED"');
    const { DISPLAY: _, ...noDesktop } = desktop;
    expect((await idspace(['explore'], { folder, env: noDesktop })).out).toContain('Open it with any browser');
    await idspace(['explore', '--no-open'], { folder, env: desktop });
    expect(existsSync(desktop.OPENED)).toBe(false);
    expect(openerOf({ PATH: folder, DISPLAY: ':0' }, 'linux')).toBeUndefined();
  });
});

test('each system has its own opener', () => {
  expect(openerOf({}, 'darwin')).toEqual({ command: 'open', args: [] });
  expect(openerOf({}, 'win32')?.command).toBe('rundll32');
  expect(openerOf({ PATH: '' }, 'linux')).toBeUndefined();
});

test('demo writes the explorer beside its report, says so, and links to it', async () => {
  const terminal = { out: new Collector(), err: new Collector(), folder, env: {} };
  expect(await demo({ out: 'out/ids.html' }, terminal, { timers: 20, designs: ['xarray'] })).toBe(0);
  const explorer = join(folder, 'out/ids-explorer.html');
  expect(readFileSync(explorer, 'utf8')).toBe(readFileSync(EXPLORER_PAGE, 'utf8'));
  expect(terminal.out.text).toContain(pathToFileURL(explorer).href);
  expect(readFileSync(join(folder, 'out/ids.html'), 'utf8')).toContain('<a href="ids-explorer.html">');
});
