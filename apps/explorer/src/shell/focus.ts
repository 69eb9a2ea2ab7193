// Where the focus goes when the element that has it leaves the page.

/** From the element that got the focus last up to the body. */
let path: readonly HTMLElement[] = [];

/** Moves the focus to the nearest part of the page that still stands around where it was: the browser would begin again at the top. */
export function keepFocus(root: HTMLElement): void {
  addEventListener('focusin', ({ target }) => {
    const up: HTMLElement[] = [];
    for (let one = target as HTMLElement | null; one !== null && one !== root; one = one.parentElement) up.push(one);
    path = up;
  });
  new MutationObserver(() => {
    if (document.activeElement !== document.body || path.length === 0 || path[0].isConnected) return;
    const near = path.find(({ isConnected }) => isConnected);
    path = [];
    if (near === undefined) return;
    near.tabIndex = -1;
    near.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}
