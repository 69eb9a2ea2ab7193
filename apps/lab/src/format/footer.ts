// The foot of a page.
import { version } from '../installed.ts';
import { type Html, html } from './html.ts';

/** Says what made a page. @param command The command line that makes it again. */
export function footer(command: string, of: string = version()): Html {
  return html`<p>Made by idspace${of === '0.0.0' ? '' : ` ${of}`} with <code>${command}</code>. The same command makes the same page.</p>
`;
}
