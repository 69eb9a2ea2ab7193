// Instruments source: every element access of a typed array reports itself, with the place where it stands.
import { type ParserPlugin, parse } from '@babel/parser';
import MagicString, { type SourceMap } from 'magic-string';
import { Edits, type Site, type UnseenCode } from './instrument/edits.ts';
import { Rewriter } from './instrument/rewriter.ts';
import type { Node } from './instrument/syntax.ts';
import { checkKeys, refused } from './misuse.ts';

export type { Site, UnseenCode } from './instrument/edits.ts';

export interface InstrumentOptions {
  /** The file's path or URL, for reports. Its ending says which language it is: .ts, .mts, .cts, .tsx, .jsx; anything else is JavaScript with JSX. */
  file: string;
  /** How it is loaded; default: as its ending says, .cjs and .cts CommonJS, .mjs and .mts a module, and else a module if it imports or exports. */
  type?: 'module' | 'commonjs' | undefined;
  /** Number of the first site, 0…2³¹−1. What runs in one program must not share numbers. Default 0. */
  firstSite?: number | undefined;
  /**
   * From where the code gets what it calls. Default: a module imports '@idspace/mem-trace/recording', and CommonJS code takes it from
   * globalThis, where that module has left it. If this is given, CommonJS code requires it.
   */
  recorder?: string | undefined;
}

export interface Instrumented {
  /** The code to run. Lines have the numbers that they had. TypeScript stays TypeScript. */
  readonly code: string;
  /** From `code` to the source, as tools take it. */
  readonly map: SourceMap;
  /** Where accesses are reported: site `firstSite + i` is `sites[i]`. */
  readonly sites: readonly Site[];
  /** Where accesses would not be reported. */
  readonly unseen: readonly UnseenCode[];
}

/** What is wrong with a source: it is not JavaScript, or is nested too deeply. */
export type SourceErrorCode = 'bad-syntax' | 'too-deep';

/** Source that cannot be instrumented: `line` and `column` (from 1) say where. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(code: SourceErrorCode, file: string, line: number, column: number, message: string) {
    super(`${file}:${line}:${column}: ${message}`);
    this.code = code;
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

const RECORDER = '@idspace/mem-trace/recording';

/** Longest source, characters. */
const LONGEST_SOURCE = 64 * 2 ** 20;

/**
 * Rewrites a source so that every element access of a typed array, a DataView or an `Atomics` call reports itself to `@idspace/mem-trace/recording`.
 *
 * It sees variables, closures and `#private` fields alike, since it looks at code and not at objects. The program's values and the order in
 * which its parts run do not change. Not seen: code that is made at run time (`eval`), elements that built-in functions read (`Math.max(...a)`
 * is seen, `String.fromCharCode.apply(null, a)` is not), `{ ...a }`, and what {@link Instrumented.unseen} lists.
 *
 * Cost: some 2 µs for 100 characters; the code grows two- to threefold.
 * @throws SourceError when the source cannot be parsed; RangeError for an option.
 */
export function instrument(source: string, options: InstrumentOptions): Instrumented {
  const { file, type, firstSite, recorder } = checked(source, options);
  const { program, isModule } = parsed(source, file, type);
  let prefix = '$mt';
  while (source.includes(prefix)) prefix += '$';
  const text = new MagicString(source);
  const edits = new Edits(source, text, prefix, firstSite);
  const { sites, unseen } = edits;
  const header = (): string => {
    const labels = [...new Set(sites.map(({ label }) => label))];
    const numbers = new Map(labels.map((label, i) => [label, i]));
    const places = sites.flatMap(({ line, column, label }) => [line, column, numbers.get(label)!]);
    const from = JSON.stringify(recorder ?? RECORDER);
    const found = isModule
      ? `import{hooks as ${prefix}}from${from};`
      : `const ${prefix}=${recorder === undefined ? 'globalThis[Symbol.for("@idspace/mem-trace")]' : `require(${from}).hooks`};`;
    return `${found}${prefix}.s(${firstSite},${JSON.stringify(file)},${JSON.stringify(labels)},[${places}],${unseen.length});`;
  };
  try {
    new Rewriter(edits).program(program, header);
  } catch (error) {
    if (error instanceof RangeError)
      throw new SourceError('too-deep', file, 1, 1, 'is nested too deeply to be instrumented');
    throw error;
  }
  return {
    code: text.toString(),
    map: text.generateMap({ source: file, includeContent: true, hires: 'boundary' }),
    sites,
    unseen,
  };
}

type Type = 'module' | 'commonjs' | 'unambiguous';

function checked(
  source: string,
  options: InstrumentOptions,
): { file: string; type: Type; firstSite: number; recorder: string | undefined } {
  const CALL = 'instrument';
  if (typeof source !== 'string') throw refused(CALL, 'source', source, 'a string');
  if (source.length > LONGEST_SOURCE) throw refused(CALL, 'source.length', source.length, `0…${LONGEST_SOURCE}`);
  const {
    file,
    type,
    firstSite = 0,
    recorder,
  } = checkKeys(CALL, 'options', options, 'file, type, firstSite, recorder');
  if (typeof file !== 'string') throw refused(CALL, 'options.file', file, 'a string');
  if (type !== undefined && type !== 'module' && type !== 'commonjs')
    throw refused(CALL, 'options.type', type, "'module' or 'commonjs'");
  if (!Number.isInteger(firstSite) || firstSite < 0 || firstSite > 0x7fff_ffff)
    throw refused(CALL, 'options.firstSite', firstSite, 'an integer, 0…2147483647');
  if (recorder !== undefined && typeof recorder !== 'string')
    throw refused(CALL, 'options.recorder', recorder, 'a string');
  return { file, type: type ?? typeOf(file), firstSite, recorder };
}

function typeOf(file: string): Type {
  if (/\.c[jt]s$/.test(file)) return 'commonjs';
  return /\.m[jt]s$/.test(file) ? 'module' : 'unambiguous';
}

function parsed(source: string, file: string, type: Type): { program: Node; isModule: boolean } {
  const plugins: ParserPlugin[] = [['decorators', { allowCallParenthesized: true }], 'explicitResourceManagement'];
  if (/\.[cm]?tsx?$/.test(file)) plugins.push('typescript');
  if (!/\.[cm]?ts$/.test(file)) plugins.push('jsx');
  try {
    const { program } = parse(source, {
      sourceType: type === 'commonjs' ? 'script' : type,
      allowReturnOutsideFunction: type !== 'module',
      allowNewTargetOutsideFunction: type !== 'module',
      createParenthesizedExpressions: true,
      attachComment: false,
      plugins,
    });
    return { program: program as unknown as Node, isModule: program.sourceType === 'module' };
  } catch (error) {
    if (error instanceof SyntaxError) {
      const { line = 1, column = 0 } = (error as { loc?: { line: number; column: number } }).loc ?? {};
      throw new SourceError('bad-syntax', file, line, column + 1, error.message.replace(/ \(\d+:\d+\)$/, ''));
    }
    if (error instanceof RangeError) throw new SourceError('too-deep', file, 1, 1, 'is nested too deeply to be parsed');
    throw error;
  }
}
