// `pnpm explore [TEXT] [--weak] [--width N]`: explores every protocol of the packages whose name contains TEXT, the large ones too.
//
// --weak lets plain accesses be reordered; ordered ones are then those of Atomics, as on arm64, unless --plain is given. --width expands at
// most N states after each number of steps.
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Exploration, explore, type Protocol, summarize } from '../src/explore/index.ts';

/** What a package's `test/support/protocols.ts` exports. */
interface Protocols {
  PROTOCOLS?: Record<string, Protocol>;
  LARGE_PROTOCOLS?: Record<string, Protocol>;
  BROKEN?: Record<string, { protocol: Protocol; message: string }>;
  WEAKLY_BROKEN?: Record<string, { protocol: Protocol; message: string }>;
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    weak: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    width: { type: 'string', default: 'Infinity' },
  },
});
const [wanted = ''] = positionals;
const width = Number(flags.width);
if (!(width >= 1)) throw new RangeError(`explore: --width: got ${flags.width}, expected a number from 1 on`);
// Before the packages are loaded, which choose by it.
if (flags.weak) Object.defineProperty(process, 'arch', { value: flags.plain ? 'x64' : 'arm64' });
const packages = new URL('../../', import.meta.url);

for (const name of readdirSync(packages)) {
  const module = new URL(`${name}/test/support/protocols.ts`, packages);
  if (!existsSync(module)) continue;
  const { PROTOCOLS, LARGE_PROTOCOLS, BROKEN, WEAKLY_BROKEN } = (await import(module.href)) as Protocols;
  for (const [title, protocol] of Object.entries({ ...PROTOCOLS, ...LARGE_PROTOCOLS })) {
    report(`${name}: ${title}`, protocol, (found) => found.failure === null);
  }
  for (const [title, { protocol, message }] of Object.entries({ ...BROKEN, ...(flags.weak && WEAKLY_BROKEN) })) {
    report(`${name}: ${title}`, protocol, (found) => found.failure?.message.includes(message) === true);
  }
}

function report(title: string, protocol: Protocol, isExpected: (found: Exploration) => boolean): void {
  if (!title.includes(wanted)) return;
  const start = performance.now();
  const found = explore(protocol, { weak: flags.weak, width });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${summarize(title, found)} (${seconds} s)`);
  if (isExpected(found)) return;
  console.log('  which is not what was expected');
  process.exitCode = 1;
}
