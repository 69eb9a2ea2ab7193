// Hooks by which Node.js runs a TypeScript file of the repository: bundled with all that it imports of ours, once for all
// processes that start with it. To load the sources file by file takes each process about a second.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where bundles are kept; what is not as the sources are is made again. */
const CACHE = new URL('../../../../node_modules/.cache/idspace-sources/', import.meta.url);
const isOurs = (path) => path.endsWith('.ts') && !path.includes('/node_modules/');

/** The `load` hook of Node.js. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !isOurs(url)) return next(url, context);
  return { format: 'module', source: await bundleOf(fileURLToPath(url)), shortCircuit: true };
}

async function bundleOf(path) {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const file = new URL(`${name}.mjs`, CACHE);
  const kept = readKept(file);
  if (kept !== null) return kept;
  const { files, entry, chunks } = await bundle(path, name);
  mkdirSync(CACHE, { recursive: true });
  for (const { path, text } of chunks) write(path, text);
  const source = `${entry.text}\n// ${JSON.stringify(files)}`;
  write(file, source);
  return source;
}

/** Returns a bundle that is as its files are, or null. Its last line says which files those are, and when they were written. */
function readKept(file) {
  try {
    const source = readFileSync(file, 'utf8');
    const files = JSON.parse(source.slice(source.lastIndexOf('\n') + 4));
    return Object.entries(files).every(([path, written]) => statSync(path).mtimeMs === written) ? source : null;
  } catch {
    return null;
  }
}

/** Writes a file so that other processes see the whole of it, or nothing. */
function write(file, text) {
  const own = new URL(`${process.pid}.${performance.now()}`, CACHE);
  writeFileSync(own, text);
  renameSync(own, file);
}

/** What is imported when it is needed stays apart: in chunks, which are named after what is in them. */
async function bundle(path, name) {
  const { build } = await import('esbuild');
  const files = { [fileURLToPath(import.meta.url)]: statSync(new URL(import.meta.url)).mtimeMs };
  const { outputFiles } = await build({
    ...{ entryPoints: { [name]: path }, bundle: true, splitting: true, write: false, outdir: fileURLToPath(CACHE) },
    ...{ publicPath: CACHE.href, outExtension: { '.js': '.mjs' }, platform: 'node', format: 'esm', target: 'node20' },
    ...{ conditions: ['@idspace/source'], keepNames: true, minifySyntax: true, logLevel: 'silent' },
    plugins: [{ name: 'sources', setup: (setup) => setUp(setup, files) }],
  });
  const isEntry = (file) => file.path.endsWith(`${name}.mjs`);
  return { files, entry: outputFiles.find(isEntry), chunks: outputFiles.filter((file) => !isEntry(file)) };
}

/** Inlines what is ours, each file with the place that it has in the sources; what is installed is imported from where it is. */
function setUp(setup, files) {
  setup.onResolve({ filter: /^[^./]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
    if (pluginData === 'seen' || path.startsWith('node:')) return undefined;
    const found = await setup.resolve(path, { importer, resolveDir, kind, pluginData: 'seen' });
    if (found.errors.length > 0) return { path, external: true }; // what may be missing is for the program to say
    if (found.external || isOurs(found.path)) return found;
    return { path: pathToFileURL(found.path).href, external: true };
  });
  setup.onLoad({ filter: /\.ts$/ }, ({ path }) => {
    if (!isOurs(path)) return undefined;
    files[path] = statSync(path).mtimeMs;
    const text = readFileSync(path, 'utf8');
    // In a string it is a text: of a program that replaces it, too.
    const contents = text.replaceAll(/(?<!')import\.meta\.url/g, JSON.stringify(pathToFileURL(path).href));
    return { loader: 'ts', contents };
  });
}
