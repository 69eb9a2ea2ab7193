// Makes a package: `pnpm new-package NAME [DESCRIPTION]`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misused, scriptFlags } from '@idspace/testkit/script-flags';
import { jsrOf } from './jsr.ts';

const URL_OF_REPOSITORY = 'https://github.com/idspace/idspace';
const HELP = `pnpm new-package NAME [DESCRIPTION]: makes a package that lints, typechecks, builds and has a test; then fill it
  NAME          in kebab case, such as slot-map
  DESCRIPTION   one sentence that says what it does`;
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Writes the files of a package, and puts it on the lists that name every package.
 *
 * @param root The folder of the repository.
 * @param name In kebab case, without the scope.
 * @returns The files that were written or changed, relative to the root.
 * @throws RangeError, before anything is written, for a name that cannot be one or that is taken.
 */
export function newPackage(root: string, name: string, description = 'One sentence that says what it does'): string[] {
  if (!NAME.test(name)) throw new RangeError(`NAME: got '${name}', expected kebab case, such as 'slot-map'`);
  const folder = `packages/${name}`;
  if (existsSync(join(root, folder))) throw new RangeError(`NAME: got '${name}', which ${folder} has`);
  const files = { ...filesOf(name, description), ...listsWith(root, `@idspace/${name}`) };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return Object.keys(files);
}

function filesOf(name: string, description: string): Record<string, string> {
  const folder = `packages/${name}`;
  const manifest = {
    name: `@idspace/${name}`,
    version: '0.0.0',
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    keywords: name.split('-'),
    homepage: `${URL_OF_REPOSITORY}/tree/main/${folder}#readme`,
    bugs: { url: `${URL_OF_REPOSITORY}/issues` },
    author: 'The idspace authors',
    repository: { type: 'git', url: `git+${URL_OF_REPOSITORY}.git`, directory: folder },
    exports: {
      '.': { '@idspace/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', 'docs', 'src', 'CHANGELOG.md'],
    publishConfig: { access: 'public', provenance: true },
    scripts: { build: 'tsup --silent --config ../../tsup.config.ts' },
  };
  return {
    [`${folder}/package.json`]: `${JSON.stringify(manifest, null, 2)}\n`,
    [`${folder}/jsr.json`]: jsrOf(manifest)!,
    [`${folder}/README.md`]: `# @idspace/${name}\n\n${description}.\n\n\`\`\`js\nimport { nothing } from '@idspace/${name}';\n\nnothing(); // => 0\n\`\`\`\n`,
    [`${folder}/src/index.ts`]: `// ${description}.\n\n/** Returns 0, until there is something. */\nexport function nothing(): number {\n  return 0;\n}\n`,
    [`${folder}/test/${name}.test.ts`]: `import { expect, test } from 'vitest';\nimport * as api from '../src/index.ts';\n\ntest('it does what it says', () => {\n  expect(api.nothing()).toBe(0);\n});\n`,
    [`test/api/${name}.md`]: `# What @idspace/${name} publishes\n\n## @idspace/${name}\n\n\`\`\`ts\nexport function nothing(): number;\n\`\`\`\n`,
    [`.changeset/first-${name}.md`]: `---\n'@idspace/${name}': minor\n---\n\nFirst version.\n`,
  };
}

/** The lists that name every package: size ceilings, the forms for reports. */
function listsWith(root: string, name: string): Record<string, string> {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const lists: Record<string, string> = {
    'test/exports.test.ts': insertSorted(
      read('test/exports.test.ts'),
      /^ {2}'@idspace\/.*': [\d_]+,$/gm,
      `  '${name}': 500,`,
    ),
  };
  for (const form of ['bug', 'idea'].map((kind) => `.github/ISSUE_TEMPLATE/${kind}.yml`)) {
    lists[form] = insertSorted(read(form), /^ {8}- '@idspace\/.*'$/gm, `        - '${name}'`);
  }
  return lists;
}

/** Puts a line before the first of some lines that sorts after it, or after their last. */
function insertSorted(text: string, lines: RegExp, line: string): string {
  const matches = [...text.matchAll(lines)];
  const next = matches.find(([other]) => other.replace(/'[^']*$/, '') > line.replace(/'[^']*$/, ''));
  if (next !== undefined) return `${text.slice(0, next.index)}${line}\n${text.slice(next.index)}`;
  const last = matches.at(-1)!;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {
    positionals: [name, description],
  } = scriptFlags(HELP, {}, { names: 2 });
  if (name === undefined) misused(HELP, 'got no name');
  try {
    const written = newPackage(fileURLToPath(new URL('..', import.meta.url)), name, description);
    console.log(written.join('\n'));
    console.log(
      'Now: pnpm install, fill src and README, and draw its arrows in CONTRIBUTING.md and test/arrows.test.ts.',
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
