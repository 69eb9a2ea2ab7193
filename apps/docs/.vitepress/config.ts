import { join } from 'node:path';
import type { DefaultTheme, Plugin, UserConfig } from 'vitepress';
import { anchorOf, forRepository } from '../build/markdown.ts';
import { linkOf, markdownIn, pageOf, SKIPPED, sidebar } from '../build/pages.ts';

const root = join(import.meta.dirname, '../../..');

/** Pages lie in folders where Vue is not installed: they get that of this app. */
const vueForPages: Plugin = {
  name: 'vue-for-pages',
  enforce: 'pre',
  resolveId(id, importer, options) {
    if (!/^vue(\/|$)/.test(id) || !importer?.endsWith('.md')) return null;
    return this.resolve(id, join(root, 'apps/docs/index.md'), { ...options, skipSelf: true });
  },
};

const config: UserConfig<DefaultTheme.Config> = {
  title: 'idspace',
  description: 'Integer IDs: who hands them out, where they are looked up, what that costs',
  // A folder of the server, with a slash at both ends, where the site is not at its top.
  base: process.env.IDSPACE_SITE_BASE ?? '/',
  // Pages are the files where they lie, not copies.
  srcDir: root,
  srcExclude: [
    ...[...SKIPPED].map((name) => `**/${name}/**`),
    ...markdownIn(root).filter((source) => pageOf(source) === undefined),
  ],
  rewrites: (source: string) => pageOf(source) ?? source,
  outDir: join(root, 'apps/docs/dist'),
  cacheDir: join(root, 'apps/docs/.vitepress/cache'),
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    toc: { slugify: anchorOf },
    config: (md) => forRepository(md, root),
  },
  vite: {
    publicDir: join(root, 'apps/docs/public'),
    build: { chunkSizeWarningLimit: 4000 },
    plugins: [vueForPages],
  },
  themeConfig: {
    nav: [
      { text: 'Choose', link: '/guides/choosing' },
      { text: 'Guides', link: '/guides/map-to-int-map', activeMatch: '^/guides/(?!choosing)' },
      { text: 'Packages', link: linkOf('packages/xarray/README.md'), activeMatch: '^/packages/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Speed', link: '/speed' },
      { text: 'Explore', link: '/explore' },
    ],
    sidebar: sidebar(root),
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          // Signs part words, too: Map<number is two.
          options: { tokenize: (text) => text.split(/[\s\p{Z}\p{P}\p{S}]+/u) },
          // What explains comes before the pages with all names.
          searchOptions: { boostDocument: (id) => (id.includes('/api/') ? 0.2 : id.includes('/guides/') ? 2 : 1) },
        },
      },
    },
    socialLinks: [{ icon: 'github', link: 'https://github.com/idspace/idspace' }],
    docFooter: { prev: false, next: false },
    footer: { message: 'MIT licence. Linux, CRIU and valgrind are GPL; none of their text or code is here.' },
  },
};

export default config;
