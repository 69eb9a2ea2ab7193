// Writes the type declarations of a package's entry points: each source file on its own, without type checking.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { isolatedDeclarationSync } from 'oxc-transform';

/** Where a declaration names another file of its package; group 2 is the path without its extension. */
const RELATIVE = /(\bfrom\s*|\bimport\(\s*)(["'])(\.[^"']*)\.ts\2/g;

/** A comment's further lines come without the blank before their asterisk. */
const COMMENT_LINE = /^(\t*)\*/gm;

/**
 * Writes dist/x.d.ts for src/x.ts, beginning with the entries and following what their declarations import.
 *
 * Needs sources that pass `isolatedDeclarations`, which the type check demands.
 * @param entries Paths of source files, such as 'src/index.ts', relative to the package's folder.
 * @param folder The package's folder.
 * @param hasMaps Whether editors are led to the sources: those must be published, too.
 * @throws Error that names the file and the place if a declaration cannot be told from the file alone.
 */
export function writeDeclarations(entries: readonly string[], folder: string, hasMaps: boolean): void {
  const files = new Set(entries.map(normalize));
  for (const file of files) {
    const { code, errors, map } = isolatedDeclarationSync(file, readFileSync(join(folder, file), 'utf8'), {
      stripInternal: true,
      sourcemap: hasMaps,
    });
    if (errors.length > 0) throw new Error(errors.map(({ codeframe, message }) => codeframe ?? message).join('\n'));
    const declaration = code.replace(RELATIVE, (_, before: string, quote: string, path: string) => {
      files.add(normalize(join(dirname(file), `${path}.ts`))); // a Set goes on with what is added to it
      return `${before}${quote}${path}.js${quote}`;
    });
    const written = join(folder, file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(written), { recursive: true });
    const text = declaration.replace(COMMENT_LINE, '$1 *');
    if (map === undefined || map === null) {
      writeFileSync(written, text);
      continue;
    }
    const sources = [relative(dirname(written), join(folder, file))];
    writeFileSync(
      `${written}.map`,
      JSON.stringify({ ...map, file: basename(written), sources, sourcesContent: undefined }),
    );
    writeFileSync(written, `${text}//# sourceMappingURL=${basename(written)}.map\n`);
  }
}
