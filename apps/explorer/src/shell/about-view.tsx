import { useLayoutEffect } from 'preact/hooks';

/** Shows the text of index.html, which stands there for readers without JavaScript, and for search engines. */
export function AboutView(): null {
  useLayoutEffect(() => {
    const text = document.getElementById('about')!;
    text.hidden = false;
    return () => {
      text.hidden = true;
    };
  }, []);
  return null;
}
