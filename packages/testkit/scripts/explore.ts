// `pnpm explore [TEXT] [flags]`: explores the protocols of the packages, and looks for the mistake of the broken twin of each.
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { allProtocols } from '../src/explore/all-protocols.ts';
import { type Exploration, explore, findFailure, type Protocol, summarize, twinOf } from '../src/explore/index.ts';

const HELP = `pnpm explore [TEXT] [flags]
  TEXT        protocols with this text in their name, the large ones too (default: all)
  --weak      lets plain accesses be reordered; ordered ones are then those of Atomics, as on arm64
  --plain     with --weak: ordered accesses are plain ones, as on x86
  --width N   expands at most N states of those that are equally far on (default: all)
Prints a table. Exit 1 if a protocol does not hold, or the mistake of its twin is not found.`;

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    weak: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    width: { type: 'string' },
  },
  { names: 1 },
);
const [wanted = ''] = positionals;
const width = flags.width === undefined ? Number.POSITIVE_INFINITY : integerFlag(HELP, 'width', flags.width);
const { weak } = flags;
// Before the packages are loaded, which choose by it.
if (weak) Object.defineProperty(process, 'arch', { value: flags.plain ? 'x64' : 'arm64' });

const all = await allProtocols();
console.log(
  '| protocol | actors | may be killed | schedules | states | CPU s | mistake of its twin | found after states |',
);
console.log('|:--|--:|:--|--:|--:|--:|:--|--:|');
for (const { name, PROTOCOLS, LARGE_PROTOCOLS, BROKEN, twins } of all) {
  for (const [title, protocol] of Object.entries({ ...PROTOCOLS, ...LARGE_PROTOCOLS })) {
    if (`${name}: ${title}`.includes(wanted))
      row(`${name}: ${title}`, protocol, twins[title], twinOf(title, protocol, twins, BROKEN));
  }
}
console.log();
for (const { name, BROKEN, WEAKLY_BROKEN } of all) {
  for (const [title, { protocol, message }] of Object.entries({ ...BROKEN, ...(weak && WEAKLY_BROKEN) })) {
    if (!`${name}: ${title}`.includes(wanted)) continue;
    // A narrow search that misses the mistake proves nothing.
    const found = findFailure(protocol, undefined, weak);
    console.log(summarize(`${name}: ${title}`, found));
    expected(found.failure?.message.includes(message) === true, `'${message}' was expected`);
  }
}

/** Explores a protocol, which must hold, and its twin, which must not. */
function row(
  title: string,
  protocol: Protocol,
  mistake: string | undefined,
  twin: { protocol: Protocol; message: string },
): void {
  const start = process.cpuUsage();
  const found = explore(protocol, { weak, width });
  const { user, system } = process.cpuUsage(start);
  const broken = findFailure(twin.protocol);
  const cells = [
    title,
    Object.keys(protocol.actors).length,
    Object.keys(protocol.killed ?? {}).join(', ') || '–',
    `${found.isComplete ? '' : 'drawn: '}${shown(found.schedules)}`,
    shown(found.states),
    ((user + system) / 1e6).toFixed(1),
    mistake,
    shown(broken.states),
  ];
  console.log(`| ${cells.join(' | ')} |`);
  expected(found.failure === null, summarize(title, found));
  expected(broken.failure?.message.includes(twin.message) === true, summarize(`${title}: ${mistake}`, broken));
}

/** A count; short where it has more digits than are of use. */
function shown(count: Exploration['schedules'] | number): string {
  return count < 1e15 ? count.toLocaleString('en') : Number(count).toExponential(1);
}

function expected(holds: boolean, text: string): void {
  if (holds) return;
  console.log(`  not as expected: ${text}`);
  process.exitCode = 1;
}
