import type { JSX } from 'preact';

/** Says that nothing leaves the page, and shows the policy by which the browser sees to it. */
export function Privacy(): JSX.Element {
  const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content;
  return (
    <details class="privacy">
      <summary>Nothing leaves this page</summary>
      <p class="note">
        What you give is read by the scripts in this page, and by nothing else. The browser forbids the page every
        connection, because the page itself says so in its content security policy, in the first lines of its source:{' '}
        <code>connect-src 'none'</code>.
      </p>
      <pre class="policy">
        {policy?.replaceAll('; ', ';\n') ?? 'This page has no policy: it is a development build.'}
      </pre>
    </details>
  );
}
