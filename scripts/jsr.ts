// For JSR, which publishes sources: `pnpm jsr [FOLDER]`.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptFlags } from '@idspace/testkit/script-flags';

const HELP = `pnpm jsr [FOLDER]: writes the jsr.json of every package from its package.json
  FOLDER   is made, and gets all from which 'deno publish' publishes them; build before`;

/** Packages that are not for JSR: modules there are addresses, and these start files as processes. */
const NOT_THERE = ['@idspace/cache-profile', '@idspace/live-kernel'];

interface Manifest {
  name: string;
  version: string;
  license: string;
  private?: boolean;
  exports?: Record<string, string | Record<string, string>>;
  /** Modules that the build writes, './dist/x.js', by the name under which sources import them. */
  imports?: Record<string, { default: string }>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Returns what a package's jsr.json is, or undefined for what is not published on JSR. */
export function jsrOf(manifest: Manifest): string | undefined {
  const { name, version, license, exports: published, imports: built = {}, dependencies, devDependencies } = manifest;
  if (manifest.private || published === undefined || NOT_THERE.includes(name)) return undefined;
  const exports = Object.fromEntries(
    Object.entries(published).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [[path, target['@idspace/source']]],
    ),
  );
  // Packages of this repository are found by their names. Protobuf is built into what npm has, and imported here.
  const outside = Object.entries({ '@bufbuild/protobuf': devDependencies?.['@bufbuild/protobuf'], ...dependencies });
  const ofNpm = outside.flatMap(([used, range]) =>
    range === undefined || used.startsWith('@idspace/') ? [] : [[used, `npm:${used}@${range}`]],
  );
  const imports = [...ofNpm, ...Object.entries(built).map(([used, target]) => [used, inSources(target)])];
  const publish = { include: ['src', 'README.md', 'LICENSE'] };
  const json = {
    name,
    version,
    license,
    exports,
    ...(imports.length > 0 && { imports: Object.fromEntries(imports) }),
    publish,
  };
  const text = JSON.stringify(json, null, 2).replace(
    /\[\s+([^\]]*?)\s+\]/g,
    (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  );
  return `${text}\n`; // as the formatter has it
}

/** Where JSR gets a module that the build writes. */
function inSources({ default: path }: { default: string }): string {
  return path.replace('./dist/', './src/');
}

/** The packages for JSR: their folders, relative to the root, and their jsr.json. */
export function forJsr(root: string): { folder: string; text: string }[] {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const file = join(root, 'packages', name, 'package.json');
    const text = existsSync(file) ? jsrOf(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
    return text === undefined ? [] : [{ folder: `packages/${name}`, text }];
  });
}

/** Makes a folder with what JSR gets of all packages. @param to Must not be there yet, or be empty. */
export function writeWorkspace(root: string, to: string): void {
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new RangeError(`${to}: got a folder with files, expected none`);
  const packages = forJsr(root);
  for (const { folder, text } of packages) {
    const at = join(to, folder);
    mkdirSync(at, { recursive: true });
    for (const name of ['src', 'README.md']) cpSync(join(root, folder, name), join(at, name), { recursive: true });
    const { imports = {} }: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    for (const target of Object.values(imports))
      cpSync(join(root, folder, target.default), join(at, inSources(target)));
    for (const name of readdirSync(join(at, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) withoutGlobals(join(at, 'src', name));
    }
    cpSync(join(root, 'LICENSE'), join(at, 'LICENSE'));
    writeFileSync(join(at, 'jsr.json'), text);
  }
  const workspace = packages.map(({ folder }) => `./${folder}`);
  writeFileSync(join(to, 'deno.json'), `${JSON.stringify({ workspace }, null, 2)}\n`);
}

/** JSR takes no declaration of globals. Ours are for older compilers: what they declare is in the library of Deno's. */
function withoutGlobals(file: string): void {
  const text = readFileSync(file, 'utf8');
  const without = text.replace(/^declare global \{\n[\s\S]*?^\}\n/gm, '');
  if (without !== text) writeFileSync(file, without);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const {
    positionals: [to],
  } = scriptFlags(HELP, {}, { names: 1 });
  for (const { folder, text } of forJsr(root)) writeFileSync(join(root, folder, 'jsr.json'), text);
  if (to !== undefined) writeWorkspace(root, to);
}
