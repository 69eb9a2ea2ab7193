// Writes the API pages: one for each entry point of the packages, from the docstrings of the sources.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { publishedPackages } from './workspace.ts';

/**
 * Writes Markdown to api/, beside this folder: what VitePress makes pages of.
 *
 * @param root The folder of the repository.
 * @throws Error for a docstring that names what is not there, and where sources cannot be read.
 */
export async function writeApi(root: string): Promise<void> {
  const out = join(root, 'apps/docs/api');
  rmSync(out, { recursive: true, force: true });
  const files = publishedPackages(root).flatMap(({ folder, entries }) =>
    entries.map(({ source, specifier }) => ({ file: join(folder, source), specifier })),
  );
  const options: TypeDocOptions & Partial<PluginOptions> = {
    entryPoints: files.map(({ file }) => join(root, file)),
    tsconfig: join(root, 'apps/docs/tsconfig.api.json'),
    plugin: ['typedoc-plugin-markdown'],
    router: 'module',
    pageTitleTemplates: { module: ({ name }: { name: string }) => `@idspace/${name}` },
    readme: 'none',
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    disableGit: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    sanitizeComments: true,
    // Headings are named after a member alone, links after its class, too: each member gets a name that links know.
    useHTMLAnchors: true,
    anchorPrefix: 'api-',
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    logLevel: 'Warn',
    out,
  };
  const app = await Application.bootstrapWithPlugins(options as TypeDocOptions);
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc cannot read the sources: see above');
  // TypeDoc calls modules by their files, relative to packages/; users import them by another name.
  const names = new Map(
    files.map(({ file, specifier }) => [file.replace(/^packages\/|(\/index)?\.ts$/g, ''), specifier]),
  );
  for (const module of project.children ?? []) module.name = names.get(module.name)!.replace('@idspace/', '');
  app.validate(project);
  if (app.logger.hasWarnings()) throw new Error('TypeDoc has warnings: see above');
  await app.generateOutputs(project);
}
