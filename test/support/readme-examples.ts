// Turns the examples of a README into programs that check themselves.
//
// Every ```js fence is one ES module. In it, `EXPRESSION; // => TEXT` and `const name = EXPRESSION; // => TEXT` say what
// the value looks like when it is inspected, as console.log would show it on one line.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FROM_SOURCES } from '@idspace/testkit/sources';

/** The ```js fences of a README, in order, with the line each starts at. */
export function fences(markdown: string): { line: number; code: string }[] {
  return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length + 1,
    code: match[1]!,
  }));
}

/** Rewrites an example so that it fails where a `// =>` comment is wrong. Returns null where it promises nothing. */
export function selfChecking(code: string, line = 1): string | null {
  let promises = 0;
  const lines = code.split('\n').map((text, i) => {
    const promise = text.match(/^(\s*)(?:(const|let) (\w+) = )?(.*?);?\s*\/\/ => (.*)$/);
    if (!promise) return text;
    promises++;
    const [, indent, keyword, name, expression, expected] = promise;
    const check = (value: string): string => `$check(${value}, ${JSON.stringify(expected)}, ${line + i});`;
    return keyword ? `${indent}${keyword} ${name} = ${expression}; ${check(name!)}` : `${indent}${check(expression!)}`;
  });
  return promises === 0 ? null : `${PRELUDE}${lines.join('\n')}`;
}

const PRELUDE = `import { inspect as $inspect } from 'node:util';
function $check(value, expected, line) {
  const shown = $inspect(value, { breakLength: Infinity });
  if (shown !== expected) throw new Error('line ' + line + ': the example says ' + expected + ', but it is ' + shown);
}
`;

/**
 * Runs the examples of a folder's README from its sources, each in a process of its own that starts in that folder.
 *
 * @param env Variables that the examples read.
 * @throws Error with the line that says what is not so, or for an example that promises nothing.
 */
export async function runReadme(folder: string, env: Record<string, string> = {}): Promise<void> {
  const run = promisify(execFile);
  for (const { line, code } of fences(readFileSync(join(folder, 'README.md'), 'utf8'))) {
    const program = selfChecking(code, line);
    if (program === null) throw new Error(`line ${line}: the example promises nothing`);
    const flags = ['--conditions=@idspace/source', ...FROM_SOURCES, '--input-type=module', '--eval', program];
    await run(process.execPath, flags, { cwd: folder, env: { ...process.env, ...env } });
  }
}
