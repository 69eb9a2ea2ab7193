// What the page may do: run the scripts and use the styles that are in it, and workers that it writes itself. It cannot reach any network.
import { createHash } from 'node:crypto';

/** Returns the policy of a page that has these scripts and styles in it, as the content of its meta element. */
export function policyOf(scripts: readonly string[], styles: readonly string[]): string {
  const directives: Record<string, string[]> = {
    'default-src': ["'none'"],
    'connect-src': ["'none'"],
    'script-src': scripts.map(hashOf),
    'worker-src': ['blob:'],
    'style-src': styles.map(hashOf),
    'img-src': ['data:', 'blob:'],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ') || "'none'"}`)
    .join('; ');
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
