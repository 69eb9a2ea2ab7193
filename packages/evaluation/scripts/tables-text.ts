// The timer tables of posix-timers, with the structures that they use, as one module of instrumented code.
import { fileURLToPath } from 'node:url';
import { instrument } from '@idspace/mem-trace/instrument';
import { build } from 'esbuild';
import { withClassNames } from '../../../scripts/class-names.ts';

const WATCHING = '@idspace/mem-trace/watching';

const TABLES = `export { createTimerTable, DESIGN } from '@idspace/posix-timers';
export const idOf = ({ timers }, timer) => timers.id[timer];`;

/** Returns the text of a module that exports instrumented code, and the `watch` for it: what `Tables` lists. It imports nothing. */
export async function tablesText(): Promise<string> {
  const plain = await bundled(TABLES);
  const { code } = instrument(plain, { file: 'tables.js', type: 'module', recorder: WATCHING });
  return withClassNames(await bundled(`${code}\nexport { watch } from '${WATCHING}';`));
}

/** Bundles a module, from the packages' sources. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['@idspace/source'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return outputFiles[0].text;
}
