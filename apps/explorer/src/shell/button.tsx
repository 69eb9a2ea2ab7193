import type { ButtonHTMLAttributes, JSX } from 'preact';

interface ButtonProps extends ButtonHTMLAttributes {
  /** Whether it can do nothing now. */
  readonly off?: boolean;
}

/** A button that keeps the focus when a click leaves it nothing more to do: `disabled` would throw the focus back to the top of the page. */
export function Button({ off = false, onClick, ...rest }: ButtonProps): JSX.Element {
  return <button type="button" {...rest} aria-disabled={off || undefined} onClick={off ? undefined : onClick} />;
}
