// singleFile: the Vite plugin that puts script and style into index.html, with the policy that allows them and nothing else.
import type { Plugin, Rolldown } from 'vite';
import { policyOf } from './content-security-policy.ts';

type Bundle = Rolldown.OutputBundle;

/**
 * Makes the build one file that works from disk: no other file is written.
 *
 * @throws Error where the page names a file that the bundle does not have, or something is left that is not in the page.
 */
export function singleFile(): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    enforce: 'post', // after Vite has written its tags into the page
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error("single-file: got no page, expected 'index.html' in the bundle");
      page.source = inlined(String(page.source), bundle);
      const left = Object.keys(bundle).filter((name) => name !== 'index.html');
      if (left.length > 0) throw new Error(`single-file: got ${left.join(', ')}, expected nothing beside index.html`);
    },
  };
}

/** What Vite puts around each import() so that its files are loaded early: here there are none. Without it, the script also runs where it is no module. */
export function noPreload(): Plugin {
  const HELPER = '\0vite/preload-helper.js';
  return {
    name: 'no-preload',
    apply: 'build',
    enforce: 'pre', // before Vite's own
    load: (id) => (id === HELPER ? 'export const __vitePreload = (load) => load();' : undefined),
    renderChunk: (code) => code.replaceAll('__VITE_PRELOAD__', '[]'), // the list that Vite's own would get
  };
}

/** The page with its scripts and styles in it; takes them out of the bundle. */
function inlined(page: string, bundle: Bundle): string {
  const scripts: string[] = [];
  const styles: string[] = [];
  const take = (path: string): string => {
    const name = path.replace(/^\.?\//, '');
    const file = bundle[name];
    if (file === undefined) throw new Error(`single-file: the page names ${path}; expected ${Object.keys(bundle)}`);
    delete bundle[name];
    return file.type === 'chunk' ? file.code : String(file.source);
  };
  const text = page
    .replace(/<script type="module"[^>]* src="([^"]+)"[^>]*><\/script>\s*/g, (_, path: string) => {
      // Where a parser of HTML would see the end: in strings only, where the escape means the same.
      scripts.push(
        take(path)
          .trim()
          .replace(/<(?=\/script)/gi, '\\x3C'),
      );
      return '';
    })
    .replace(/<link rel="stylesheet"[^>]* href="([^"]+)"[^>]*>\s*/g, (_, path: string) => {
      styles.push(take(path).trim());
      return '';
    });
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts, styles)}">`;
  const head = [policy, ...styles.map((style) => `<style>${style}</style>`)].join('\n');
  const body = scripts.map((script) => `<script type="module">${script}</script>`).join('\n');
  // Functions, for texts may have a '$'. The policy comes first: it is in force from where it stands.
  return text
    .replace(/<meta charset="[^"]*">/i, (charset) => `${charset}\n${head}`)
    .replace('</body>', () => `${body}\n</body>`);
}
