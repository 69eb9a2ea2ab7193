// How Markdown that is written for the repository becomes pages: links between files lead to pages, headings have the names that
// GitHub gives them, and guides take numbers from where they are measured, and the page on speed draws what is kept of benchmarks.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { history } from './history.ts';
import { linkOf, pageOf } from './pages.ts';

const REPOSITORY = 'https://github.com/idspace/idspace';
const IN_REPOSITORY = /^https:\/\/github\.com\/idspace\/idspace\/(?:blob|tree)\/main\/([^#]*)(#.*)?$/;

/** What VitePress says of the file that it renders. */
interface Environment {
  /** None while it reads the title in a file's head. */
  path?: string;
  realPath?: string;
}

/** Returns the name that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

/**
 * Tells where a link leads on the site.
 *
 * @param href As written: relative to the file, or a page of the repository on GitHub.
 * @param source The file, relative to the root.
 * @returns A page of the site, or the address on GitHub of what is no page; links to elsewhere as they are.
 * @throws Error if the repository has no such file.
 */
export function siteLink(href: string, source: string, root: string): string {
  const page = IN_REPOSITORY.exec(href);
  if (page === null && (/^([a-z]+:|#|\/)/.test(href) || href === '')) return href;
  const [path = '', hash = ''] = page === null ? splitHash(href) : [page[1], page[2]];
  const target = (page === null ? posix.join(posix.dirname(source), path) : path).replace(/\/$/, '');
  const at = join(root, target);
  if (!existsSync(at)) throw new Error(`${source}: got a link to ${target}, expected a file of the repository`);
  const isFolder = statSync(at).isDirectory();
  const file = isFolder ? posix.join(target, 'README.md') : target;
  if (pageOf(file) !== undefined && existsSync(join(root, file))) return `${linkOf(file)}${hash}`;
  return `${REPOSITORY}/${isFolder ? 'tree' : 'blob'}/main/${target}${hash}`;
}

const splitHash = (href: string): [string, string] => {
  const at = href.indexOf('#');
  return at < 0 ? [href, ''] : [href.slice(0, at), href.slice(at)];
};

/** `[[packages/xarray/docs/measured.md → load, random, dense → IntMap]]`: the cell of a table, by its row and column. */
const CELL = /\[\[([^\]→]+) → ([^\]→]*) → ([^\]→]*)\]\]/g;

/**
 * Puts in measured numbers where a text names them.
 *
 * @throws Error if the file has no table with such a row and column, or if the cell is empty.
 */
export function withCells(text: string, root: string): string {
  return text.replace(CELL, (_, file: string, row: string, column: string) => {
    const cell = cellsIn(readFileSync(join(root, file), 'utf8')).get(`${row} → ${column}`);
    if (cell === undefined || !/\d/.test(cell)) {
      throw new Error(`${file}: got ${cell ?? 'no cell'} at row '${row}' and column '${column}', expected a number`);
    }
    return cell;
  });
}

/** All cells of the tables of a text, by 'row → column'. */
function cellsIn(text: string): Map<string, string> {
  const cells = new Map<string, string>();
  let header: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) header = [];
    else {
      const row = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      if (header.length === 0) header = row;
      else for (const [i, column] of header.entries()) cells.set(`${row[0]} → ${column}`, row[i] ?? '');
    }
  }
  return cells;
}

/** Teaches VitePress's Markdown the above. @param root The folder of the repository. */
export function forRepository(md: MarkdownRenderer, root: string): void {
  const sourceOf = ({ realPath, path }: Environment): string =>
    relative(root, realPath ?? path ?? root).replaceAll('\\', '/');
  md.core.ruler.before('normalize', 'measured', (state) => {
    if (sourceOf(state.env).startsWith('apps/docs/')) {
      state.src = withCells(state.src, root).replace(/^\[\[history\]\]$/m, () => history(root));
    }
  });
  md.core.ruler.push('site-links', (state) => {
    const source = sourceOf(state.env);
    if (/^apps\/docs\/api\//.test(source)) return; // TypeDoc's links lead from page to page already
    for (const token of state.tokens) {
      // Vite takes a path without a dot for a package.
      if (token.type === 'html_block')
        token.content = token.content.replace(/(?<=\s)(src|srcset)="(?![a-z]+:|[./])/g, '$1="./');
    }
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue;
      token.attrSet('href', siteLink(token.attrGet('href') ?? '', source, root));
    }
  });
}
