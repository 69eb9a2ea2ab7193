// The keyboard: views say which keys they take, and `?` shows them all.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface Key {
  /** As KeyboardEvent.key has it: ' ', 'ArrowLeft', '?'. */
  readonly key: string;
  /** What the map shows for it: 'Space', '←'. */
  readonly label: string;
  /** What it does, as a verb: 'play or pause'. */
  readonly does: string;
  readonly run: () => void;
}

/** Those of the view that is shown, in the order in which they were taken. */
const taken = signal<readonly (readonly Key[])[]>([]);
const shown = signal(false);

const HELP: Key = { key: '?', label: '?', does: 'show or hide this list', run: () => (shown.value = !shown.value) };

/** Takes keys while a component is on the page. Fields, lists and sliders keep theirs, and so do buttons the space and enter keys. */
export function useKeys(keys: readonly Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Before the page is drawn: what is pressed as soon as it is seen is not lost.
  useLayoutEffect(() => {
    // What is pressed is looked up in the latest list: `run` closes over what is on the page now.
    const own = keys.map(
      (key, i): Key => ({
        ...key,
        run: () => (latest.current.find((other) => other.key === key.key) ?? keys[i]).run(),
      }),
    );
    taken.value = [...taken.value, own];
    return () => {
      taken.value = taken.value.filter((others) => others !== own);
    };
  }, [keys.map(({ key, does }) => `${key} ${does}`).join()]);
}

/** Passes a pressed key to whom it belongs. */
function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isFor(event)) return;
  // Behind the list of keys, nothing moves.
  const key = [HELP, ...(shown.value ? [] : taken.value.flat())].find((candidate) => candidate.key === event.key);
  if (key === undefined) return;
  event.preventDefault();
  key.run();
}

/** Whether the element that has the focus wants the key for itself. */
function isFor({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A list takes letters too: they go to the entry that begins with them.
  if (target.closest('input:not([type=range], [type=checkbox], [type=radio]), select, textarea, [contenteditable]'))
    return true;
  if (target.closest('[type=range], [type=radio], [role=slider]')) return /^(Arrow.*|Page.*|Home|End| )$/.test(key);
  return (
    target.closest('button, a, summary, [type=checkbox], [role=button]') !== null && (key === ' ' || key === 'Enter')
  );
}

addEventListener('keydown', press);

/** The list of keys, where it is asked for. */
export function KeyMap(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shown.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown.value]);
  return (
    <dialog ref={dialog} class="keys" aria-label="Keys" onClose={() => (shown.value = false)}>
      <h2>Keys</h2>
      <dl>
        {[...taken.value.flat(), HELP].map(({ label, does }) => (
          <div key={label}>
            <dt>
              <kbd>{label}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

/** Shows the list of keys. */
export function showKeys(): void {
  shown.value = true;
}
