import type { JSX } from 'preact';

/** Not made yet. */
export function TimelineView(): JSX.Element {
  return <p class="note">This view is being built.</p>;
}
