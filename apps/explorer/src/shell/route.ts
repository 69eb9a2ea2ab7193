// Which view is shown, and its state: both are in the URL's hash, so that a link shows the same again.
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Route {
  /** The name of a view; empty where the URL has none. It may be one that does not exist. */
  readonly view: string;
  /** What stands after the name: the view's own, in characters that need no escape. It may be damaged. */
  readonly state: string;
}

/** Splits a hash: `#race/abc` is `{ view: 'race', state: 'abc' }`. */
export function parseRoute(hash: string): Route {
  const [, view = '', , state = ''] = /^#?([^/]*)(\/(.*))?$/s.exec(hash) ?? [];
  return { view, state };
}

/** The hash that the page shows. The URL has another one between a step and its event. */
let shown = location.hash;
const current = signal<Route>(parseRoute(shown));
addEventListener('hashchange', () => {
  shown = location.hash;
  current.value = parseRoute(shown);
});

/** What is shown. */
export const route: ReadonlySignal<Route> = current;

/** Returns what a link to a view has behind the page's address. */
export function hashOf(view: string, state = ''): string {
  return state === '' ? `#${view}` : `#${view}/${state}`;
}

/** Shows a view; the browser's back button returns to where it was. */
export function goTo(view: string, state = ''): void {
  location.hash = hashOf(view, state);
}

/**
 * Puts a view's state in the URL in place of what is there, without a step for the back button. Nothing is shown again. Does nothing
 * if the URL already leads elsewhere, although the page does not show that yet.
 */
export function rewrite(view: string, state: string): void {
  if (location.hash !== shown) return;
  history.replaceState(null, '', hashOf(view, state));
  shown = location.hash;
}
