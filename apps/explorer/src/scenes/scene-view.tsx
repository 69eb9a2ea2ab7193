import type { JSX } from 'preact';

/** Not made yet. */
export function SceneView(): JSX.Element {
  return <p class="note">This view is being built.</p>;
}
