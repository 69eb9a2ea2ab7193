// Which files are pages of the site, and where: each file stays where it is and is read from there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages } from './workspace.ts';

/** What a file becomes: its path, relative to the root of the repository, with the path of its page. */
type Rule = readonly [source: RegExp, page: string];

const RULES: readonly Rule[] = [
  [/^apps\/docs\/(index|explore|speed)\.md$/, '$1.md'],
  [/^apps\/docs\/guides\/([^/]+)\.md$/, 'guides/$1.md'],
  [/^apps\/docs\/api\/README\.md$/, 'api/index.md'],
  [/^apps\/docs\/api\/(.+)\.md$/, 'api/$1.md'],
  [/^README\.md$/, 'overview.md'],
  [/^CONTRIBUTING\.md$/, 'contributing.md'],
  [/^SECURITY\.md$/, 'security.md'],
  [/^docs\/([^/]+)\.md$/, 'more/$1.md'],
  [/^packages\/(?!testkit\/)([^/]+)\/README\.md$/, 'packages/$1/index.md'],
  [/^packages\/(?!testkit\/)([^/]+)\/docs\/([^/]+)\.md$/, 'packages/$1/$2.md'],
  [/^apps\/lab\/README\.md$/, 'app/index.md'],
  [/^apps\/lab\/docs\/([^/]+)\.md$/, 'app/$1.md'],
  [/^apps\/explorer\/README\.md$/, 'explorer/index.md'],
  [/^apps\/explorer\/docs\/([^/]+)\.md$/, 'explorer/$1.md'],
  [/^examples\/([^/]+)\/README\.md$/, 'examples/$1/index.md'],
];

/** Folders in which no page lies: they are not searched. */
export const SKIPPED: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.turbo',
  'dist',
  'test',
  'src',
  'report',
  'public',
]);

/** Guides in the order in which they are read. */
export const GUIDES: readonly string[] = [
  'choosing',
  'map-to-int-map',
  'ids',
  'sharing',
  'dead-workers',
  'profiling',
  'planning',
  'evaluation',
];

/** Returns the page of a file, such as 'packages/xarray/index.md', or undefined where it is none. */
export function pageOf(source: string): string | undefined {
  const rule = RULES.find(([pattern]) => pattern.test(source));
  return rule && source.replace(rule[0], rule[1]);
}

/** Lists the Markdown files below a folder, relative to it, sorted. */
export function markdownIn(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownIn(root, path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}

/** An item of the list at the side. */
interface Item {
  text: string;
  link?: string;
  collapsed?: boolean;
  items?: Item[];
}

/** Makes the list at the side: everything there is, in groups. */
export function sidebar(root: string): Item[] {
  const sources = markdownIn(root).filter((source) => pageOf(source) !== undefined);
  const item = (source: string): Item => ({ text: titleOf(join(root, source)), link: linkOf(source) });
  const below = (folder: string): Item[] => sources.filter((source) => source.startsWith(folder)).map(item);
  const packages = publishedPackages(root).map(({ folder, name }) => ({
    ...item(`${folder}/README.md`),
    text: name,
    collapsed: true,
    items: below(`${folder}/docs/`),
  }));
  const api = publishedPackages(root).flatMap(({ entries }) =>
    entries.map(({ specifier }) => ({ text: specifier, link: `/api/${specifier.replace('@idspace/', '')}` })),
  );
  const groups = [
    { text: 'Guides', items: GUIDES.map((name) => item(`apps/docs/guides/${name}.md`)) },
    { text: 'Packages', items: packages },
    { text: 'The app', items: [item('apps/lab/README.md'), ...below('apps/lab/docs/')] },
    { text: 'The explorer', items: [item('apps/explorer/README.md'), ...below('apps/explorer/docs/')] },
    { text: 'Examples', items: below('examples/') },
    { text: 'More', items: [item('README.md'), ...below('docs/'), item('CONTRIBUTING.md'), item('SECURITY.md')] },
    { text: 'API', collapsed: true, items: api },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** Returns where the page of a file is: '/packages/xarray/'. */
export function linkOf(source: string): string {
  return `/${pageOf(source)!
    .replace(/(^|\/)index\.md$/, '$1')
    .replace(/\.md$/, '')}`;
}

/** Reads the first heading of a file. */
function titleOf(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} is missing: the list at the side names it`);
  const [, heading] = /^# (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  if (heading === undefined) throw new Error(`${file}: got no heading, expected a line that begins with '# '`);
  return heading.replaceAll('`', '');
}
