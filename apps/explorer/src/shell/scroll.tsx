import type { ComponentChildren, JSX } from 'preact';

/** A frame for what may be wider than its place: shadows show that there is more, and the arrow keys move it. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, no key could move it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
