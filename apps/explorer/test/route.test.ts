// The URL and what the page shows: a browser changes the one, and tells of it later.
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

let loads = 0;

/** The module, loaded once more, in a page that has this hash; `step` changes the URL, and `tell` sends the event for it. */
async function routeAt(
  hash: string,
): Promise<typeof import('../src/shell/route.ts') & { location: { hash: string }; tell(): void }> {
  const location = { hash };
  let tell = (): void => {};
  vi.stubGlobal('location', location);
  vi.stubGlobal('addEventListener', (_: 'hashchange', listener: () => void) => {
    tell = listener;
  });
  vi.stubGlobal('history', { replaceState: (_: null, __: '', to: string) => Object.assign(location, { hash: to }) });
  const module: typeof import('../src/shell/route.ts') = await import(
    /* @vite-ignore */ `../src/shell/route.ts?load=${loads++}`
  );
  return { ...module, location, tell: () => tell() };
}

test('a view puts its state into the URL, as often as it likes, and nothing is shown again', async () => {
  const { rewrite, route, location } = await routeAt('#timeline');
  for (const state of ['a', 'b']) {
    rewrite('timeline', state);
    expect(location.hash).toBe(`#timeline/${state}`);
  }
  expect(route.value).toEqual({ view: 'timeline', state: '' });
});

test('a step that the page has not been told of yet is not taken back by the view that it leaves', async () => {
  const { rewrite, goTo, route, location, tell } = await routeAt('#timeline');
  goTo('race', '5');
  rewrite('timeline', 'late');
  expect(location.hash).toBe('#race/5');
  tell();
  expect(route.value).toEqual({ view: 'race', state: '5' });
  rewrite('race', '7');
  expect(location.hash).toBe('#race/7');
});

test('a link to another state of the same view is followed, too', async () => {
  const { rewrite, route, location, tell } = await routeAt('#timeline/a');
  location.hash = '#timeline/b';
  rewrite('timeline', 'a');
  tell();
  expect(route.value.state).toBe('b');
});
