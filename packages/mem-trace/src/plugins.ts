// Plugins that instrument what a bundler loads.
import { instrument } from './instrument.ts';
import { checkFunction, checkKeys, refused } from './misuse.ts';

export interface PluginOptions {
  /** Which files are instrumented, by path; default: all. Those of this package never are. */
  accepts?: ((path: string) => boolean) | undefined;
  /** Number of the first site; default 0. Bundles that run in one page must not share numbers: the second is refused when it is loaded. */
  firstSite?: number | undefined;
}

/** A plugin for Vite or Rollup. */
export interface RollupPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { code: string; map: string } | undefined;
}

/** A plugin for esbuild. */
export interface EsbuildPlugin {
  readonly name: string;
  setup(build: EsbuildSetup): void;
}

/** What the plugin asks of esbuild. */
export interface EsbuildSetup {
  onLoad(
    options: { filter: RegExp; namespace: string },
    load: (file: { path: string }) => Promise<{ contents: string; loader: 'js' | 'jsx' | 'ts' | 'tsx' } | undefined>,
  ): void;
}

const SOURCE = /\.[cm]?[jt]sx?$/;
const MOST_SITES = 0x7fff_ffff;
const NAME = 'idspace-instrument';
/** Where this package lies: its own accesses are not the program's. */
const OWN = decodeURIComponent(new URL('.', import.meta.url).pathname);

/**
 * Returns a plugin for Vite or Rollup that instruments every module. The page calls `record` of `@idspace/mem-trace/recording` before it
 * runs what it wants to see.
 *
 * One plugin object numbers the sites of one program: a worker that is bundled on its own has its own.
 * @throws RangeError for an option. A module that cannot be parsed is left to the bundler, which says so.
 */
export function instrumentWithRollup(options: PluginOptions = {}): RollupPlugin {
  const transform = instrumenting('instrumentWithRollup', options);
  return {
    name: NAME,
    enforce: 'pre',
    transform(code, id) {
      const path = id.split('?')[0];
      if (!SOURCE.test(path)) return undefined;
      const made = transform(code, path);
      return made && { code: made.code, map: made.map.toString() };
    },
  };
}

/** The same for esbuild; source maps are inlined into what esbuild reads, so its own lead back to the sources. */
export function instrumentWithEsbuild(options: PluginOptions = {}): EsbuildPlugin {
  const transform = instrumenting('instrumentWithEsbuild', options);
  return {
    name: NAME,
    setup(build) {
      build.onLoad({ filter: SOURCE, namespace: 'file' }, async ({ path }) => {
        const { readFile } = await import('node:fs/promises');
        const made = transform(await readFile(path, 'utf8'), path);
        if (made === undefined) return undefined;
        const loader = /tsx$/.test(path) ? 'tsx' : /ts$/.test(path) ? 'ts' : 'jsx';
        return { contents: `${made.code}\n//# sourceMappingURL=${made.map.toUrl()}`, loader };
      });
    },
  };
}

type Transform = (code: string, path: string) => ReturnType<typeof instrument> | undefined;

function instrumenting(call: string, options: PluginOptions): Transform {
  const { accepts = () => true, firstSite: first = 0 } = checkKeys(call, 'options', options, 'accepts, firstSite');
  checkFunction(call, 'options.accepts', accepts);
  if (!Number.isInteger(first) || first < 0 || first > MOST_SITES)
    throw refused(call, 'options.firstSite', first, `an integer, 0…${MOST_SITES}`);
  let firstSite = first;
  return (code, path) => {
    if (path.startsWith(OWN) || !accepts(path)) return undefined;
    const made = orUndefined(() =>
      instrument(code, { file: path, firstSite, recorder: '@idspace/mem-trace/recording' }),
    );
    firstSite += made?.sites.length ?? 0;
    return made;
  };
}

/** What cannot be parsed here is for the bundler to refuse, or to understand better. */
function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if ((error as Error).name === 'SourceError') return undefined;
    throw error;
  }
}
