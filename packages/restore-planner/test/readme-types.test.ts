// The README's examples as a user's strict TypeScript takes them, those in JavaScript too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const EXAMPLES = Array.from(README.matchAll(/^```(?:js|ts)\n(.*?)^```$/gms), ([, code]) => code!);

/** Compiles texts as if they were modules of a package that depends on this one. */
function errorsOf(modules: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, types: ['node'] },
    ...{ noEmit: true, skipLibCheck: true },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, allowImportingTsExtensions: true },
    customConditions: ['@idspace/source'],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = modules.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...modules.keys()], options, host));
  const own = diagnostics.filter(({ file }) => file !== undefined && modules.has(file.fileName));
  return own.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('every example compiles', () => {
  expect(EXAMPLES).toHaveLength(3);
  const modules = new Map(EXAMPLES.map((code, index) => [join(PACKAGE, `example-${index}.ts`), code]));
  expect(errorsOf(modules)).toEqual([]);
  // The check can fail: a plain string is no Notify.
  const wrong = EXAMPLES[1]!.replace("notify: 'none'", "notify: 'none' as string");
  expect(errorsOf(new Map([[join(PACKAGE, 'wrong.ts'), wrong]])).join()).toContain("'string' is not assignable");
}, 60_000);
