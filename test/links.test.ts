// Links in the docs lead somewhere: in the repository, on npm's page of a package, and where a package is installed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages, published, ROOT } from './support/workspace.ts';

/** Where the repository is read, with its kind of page and its branch. */
const REPOSITORY = /^https:\/\/github\.com\/idspace\/idspace\/(blob|tree)\/main\/([^#]+)(?:#(.*))?$/;

interface Link {
  text: string;
  /** Relative to the root; undefined outside the repository. */
  target: string | undefined;
  hash: string | undefined;
  relative: boolean;
  /** What the page of the repository must be: a file or a folder. */
  kind: string | undefined;
}

const markdownIn = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => normalize(join(folder, name)))
    : [];

const files = ['.', 'docs', '.github', ...packages.flatMap(({ folder }) => [folder, `${folder}/docs`])].flatMap(
  markdownIn,
);

/** A document without its code. */
const prose = (file: string): string =>
  readFileSync(join(ROOT, file), 'utf8')
    .replace(/^( *)```.*?^\1```$/gms, '')
    .replace(/`[^`\n]+`/g, (code) => (/\]\(/.test(code) ? '' : code));

/** All links of a document. A link to a page of this repository counts as one to the file. */
function linksOf(file: string): Link[] {
  return [...prose(file).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([text, url = '']) => {
    const page = REPOSITORY.exec(url);
    if (page) return { text, target: page[2], hash: page[3], relative: false, kind: page[1] };
    if (/^[a-z]+:/.test(url)) return { text, target: undefined, hash: undefined, relative: false, kind: undefined };
    const [path = '', hash] = url.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    return { text, target, hash, relative: path !== '', kind: undefined };
  });
}

/** The anchors that GitHub gives the headings of a document. */
function anchors(file: string): Set<string> {
  const headings = [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
  return new Set(headings);
}

test.each(files)('every link of %s into the repository leads somewhere', (file) => {
  const broken = linksOf(file).filter(({ target, hash, kind }) => {
    if (target === undefined) return false;
    const path = join(ROOT, target);
    if (!existsSync(path)) return true;
    const isFolder = statSync(path).isDirectory();
    if (kind !== undefined && isFolder !== (kind === 'tree')) return true;
    return hash !== undefined && !(target.endsWith('.md') && anchors(target).has(hash));
  });
  expect(broken.map(({ text }) => text)).toEqual([]);
});

describe.each(published.map(({ folder }) => [folder] as const))('%s', (folder) => {
  test('the README has no relative link: npm shows it away from its folder', () => {
    const relative = linksOf(`${folder}/README.md`).filter((link) => link.relative);
    expect(relative.map(({ text }) => text)).toEqual([]);
    expect(prose(`${folder}/README.md`)).not.toMatch(/<(?:img|a|source)\b[^>]*\b(?:src|href|srcset)="(?!https:|#)/);
  });

  test('a relative link of its docs stays among what is installed', () => {
    const { files: shipped = [] } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
      files?: string[];
    };
    const inPackage = ['README.md', 'LICENSE', ...shipped].map((name) => `${folder}/${name}`);
    const outside = markdownIn(`${folder}/docs`).flatMap((file) =>
      linksOf(file)
        .filter(({ relative, target }) => relative && !inPackage.some((at) => `${target}/`.startsWith(`${at}/`)))
        .map(({ text }) => `${file}: ${text}`),
    );
    expect(outside).toEqual([]);
  });
});
