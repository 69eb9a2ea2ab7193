// The foot of a page.
import { version } from '../installed.ts';
import { type Html, html } from './html.ts';

/**
 * Says what made a page.
 *
 * @param command The command line that makes it again.
 * @param explorer The explorer's page, as a link from this one; absent where none lies beside it.
 */
export function footer(command: string, of: string = version(), explorer?: string): Html {
  const link =
    explorer === undefined
      ? ''
      : html`<p><a href="${explorer}">Open the explorer</a> to step through all of this and to try it with your own checkpoint.</p>
`;
  return html`${link}<p>Made by idspace${of === '0.0.0' ? '' : ` ${of}`} with <code>${command}</code>. The same command makes the same page.</p>
`;
}
