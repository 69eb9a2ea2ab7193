// Every way to call a command wrongly: exit code, one or two lines on stderr, nothing on stdout.
import { BUDGET_SHARE } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { CHECKPOINTS, idspace } from './support/run.ts';

test.each([
  ['an unknown command', ['plann', 'x'], 2, /unknown command 'plann' \(did you mean plan\?\)/],
  ['an unknown flag', ['plan', '--frob', 'x'], 2, /unknown option '--frob'/],
  ['a missing path', ['plan'], 2, /path: got none, expected the path of a checkpoint, or --pid/],
  ['a process that cannot be', ['plan', '--pid', '0'], 2, /: --pid: got '0', expected a whole number, 1…4194304$/m],
  [
    'a process that is gone',
    ['plan', '--pid', '4194304'],
    3,
    /\/proc\/4194304: got no such process, expected a running process$/m,
  ],
  ['an unknown topic of help', ['help', 'nothing'], 2, /unknown command 'nothing'/],
  ['a missing trace', ['simulate'], 2, /trace: got none, expected the path of a trace/],
  ['two traces', ['simulate', 'a', '--trace', 'b'], 2, /--trace: got 'b' beside 'a', expected one trace/],
  [
    'a flag without its value',
    ['plan', 'sparse', '--kernel'],
    2,
    /--kernel: got no value, expected kernel to restore on.*; such as 3\.9, 6\.1, .*dense/,
  ],
  ['an argument too many', ['demo', 'now'], 2, /too many arguments: got 'now', expected no argument/],
  ['an unknown kernel', ['plan', 'sparse', '--kernel', 'minix'], 2, /: --kernel: got 'minix', expected a release/],
  ['an unknown kernel, before a path is looked at', ['plan', 'nowhere', '--kernel', 'minix'], 2, /kernel: got 'minix'/],
  [
    'a kernel, mistyped',
    ['plan', 'sparse', '--kernel', 'denze'],
    2,
    /got 'denze', expected .* \(did you mean 'dense'\?\)$/m,
  ],
  [
    'a CRIU, mistyped',
    ['plan', 'sparse', '--criu', 'nativ'],
    2,
    /got 'nativ', expected .* \(did you mean 'native'\?\)$/m,
  ],
  [
    'a design, mistyped',
    ['evaluate', '--designs', 'hash512'],
    2,
    /got 'hash512', expected one of .* \(did you mean \S+\?\)$/m,
  ],
  [
    'a form, mistyped',
    ['plan', 'sparse', '--emit', 'jsn'],
    2,
    /got 'jsn', expected one of text, json, c \(did you mean json\?\)$/m,
  ],
  [
    'a release that is none',
    ['plan', 'sparse', '--kernel', '6.18.x'],
    2,
    /: --kernel: got '6\.18\.x', expected a release/,
  ],
  ['an unknown CRIU', ['plan', 'sparse', '--criu', 'latest'], 2, /: --criu: got 'latest', expected a version/],
  [
    'a negative rate',
    ['plan', 'sparse', '--nspp', '-1'],
    2,
    /: --nspp: got '-1', expected a number, 0 or more, or 'measured'$/m,
  ],
  [
    'a limit that is not an integer',
    ['plan', 'sparse', '--sigpending', '1.5'],
    2,
    /: --sigpending: got '1\.5', expected a who/,
  ],
  ['an empty number', ['plan', 'sparse', '--fail-over', ''], 2, /: --fail-over: got '', expected a number/],
  ['a comma in a kernel', ['plan', 'sparse', '--kernel', '6,1'], 2, /got '6,1', .*\(did you mean 6\.1\?\)/],
  [
    'a kernel with a zero too many',
    ['plan', 'sparse', '--kernel', '6.01'],
    2,
    /got '6\.01', .*\(did you mean 6\.1\?\)/,
  ],
  ['a CRIU with a zero too many', ['plan', 'sparse', '--criu', '04.2'], 2, /got '04\.2', .*\(did you mean 4\.2\?\)/],
  ['a rehearsal nowhere', ['rehearse', 'sparse'], 2, /: --on: got none, expected .* such as live, model:3\.9, /],
  ['no shell', ['completion'], 2, /: shell: got none, expected one of bash, zsh, fish$/m],
  [
    'designs without a name',
    ['evaluate', '--designs'],
    2,
    /: --designs: got no value, expected some of idr, hash-512,/,
  ],
  [
    'a log that is a folder',
    ['evaluate', '--workload', 'strace:sparse'],
    3,
    /: sparse: got a folder, expected a log that/,
  ],
  [
    'a log below a file',
    ['evaluate', '--workload', 'strace:sparse/pstree.img/x'],
    3,
    /: got no such file, expected a log/,
  ],
  ['a comma in a CRIU', ['plan', 'sparse', '--criu', '4,2'], 2, /got '4,2', .*\(did you mean 4\.2\?\)/],
  ['a CRIU without a dot', ['plan', 'sparse', '--criu', '9'], 2, /got '9', .*\(did you mean 9\.0\?\)/],
  ['an endless time', ['plan', 'sparse', '--fail-over', 'Infinity'], 2, /got 'Infinity', expected a number/],
  ['no timers', ['evaluate', '--timers', '0'], 2, /: --timers: got '0', expected a whole number, 1…4194304$/m],
  [
    'timers in words',
    ['evaluate', '--timers', 'abc'],
    2,
    /: --timers: got 'abc', expected a whole number, 1…4194304$/m,
  ],
  ['too many timers', ['evaluate', '--timers', '99999999999'], 2, /: --timers: got '99999999999', .* 1…4194304$/m],
  [
    'too many in all',
    ['evaluate', '--threads', '9', '--timers', '999999'],
    2,
    /: --processes × --threads × --timers: got 1 × 9/,
  ],
  [
    'a flag that the workload does not take',
    ['evaluate', '--workload', 'gleixner-2025', '--timers', '9'],
    2,
    /: --timers: workload gleixner-2025 does not take it, expected some of --seed, --machine, --report$/m,
  ],
  [
    'IDs beyond INT_MAX',
    ['evaluate', '--workload', 'restore', '--timers', '20000', '--stride', '200000'],
    2,
    /: --timers × --stride: got 20000 × 200000, so that the last ID is 3999800000, expected at most 10738 timers, or a stride of at most 107379$/m,
  ],
  [
    'a workload of too many timers',
    ['evaluate', '--workload', 'few-timers', '--processes', '4096', '--timers', '1000000'],
    2,
    /: --timers: got 4096000000 that live at the same time, expected at most 262144 where every call is recorded$/m,
  ],
  [
    'a workload of too many timers for 512 buckets',
    ['evaluate', '--workload', 'threads-random', '--timers', '2049'],
    2,
    /: --timers: got 32784 that .* at most 32768 in the 512 buckets of hash-512 and hash-512-precheck; 262144 in designs with shorter chains$/m,
  ],
  [
    'an unknown workload',
    ['evaluate', '--workload', 'x'],
    2,
    /: --workload: got 'x', expected one of fill, thread-pool,/,
  ],
  [
    'a rate of nothing',
    ['evaluate', '--workload', 'go-pprof', '--rate', '0'],
    2,
    /: --rate: got '0', expected a number above/,
  ],
  [
    'a log that is not there',
    ['evaluate', '--workload', 'strace:none'],
    3,
    /: none: got no such file, expected a log that `strace -f -o FILE PROGRAM` wrote/,
  ],
  ['too many CPUs', ['evaluate', '--cpus', '9000'], 2, /: --cpus: got '9000', expected a whole number, 1…8192$/m],
  ['a seed too large', ['evaluate', '--seed', '4294967296'], 2, /expected a whole number, 0…4294967295/],
  ['a design without a name', ['evaluate', '--designs', 'xarray,'], 2, /: --designs: got '', expected one of idr, /],
  ['an unknown design', ['evaluate', '--designs', 'btree'], 2, /: --designs: got 'btree', expected one of idr, /],
  ['a design twice', ['evaluate', '--designs', 'idr,idr'], 2, /: --designs: got 'idr,idr', expected each name once/],
  ['an unknown machine', ['evaluate', '--machine', 'abacus'], 2, /: --machine: got 'abacus', expected one of ice/],
  ['half a cache', ['simulate', 'x', '--d1', '32768,8'], 2, /: --d1: got '32768,8', expected size,ways,line/],
  [
    'an impossible cache',
    ['simulate', 'x', '--ll', '1000,3,64'],
    2,
    /: --ll: got '1000,3,64', expected a power of two \(size .* is 5\.2\d+ sets\)$/m,
  ],
  ['an unknown format', ['simulate', 'x', '--format', 'elf'], 2, /: --format: got 'elf', expected one of din, lackey/],
  [
    'a sweep over no number',
    ['sweep', '--timers', '10,x'],
    2,
    /: --timers: got 'x', expected a whole number, 1…1048576$/m,
  ],
  ['a sweep over one value twice', ['sweep', '--cpus', '2,2'], 2, /: --cpus: got '2,2', expected each value once/],
  ['an unknown machine in a sweep', ['sweep', '--machines', 'abacus'], 2, /: --machines: got 'abacus', expected one/],
  ['a cell too large', ['sweep', '--timers', '1048576'], 2, /: --timers × --processes: got 1048576 × 8 = 8388608 in/],
  [
    'an ID beyond INT_MAX',
    ['sweep', '--strides', '1000000'],
    2,
    /: --timers × --strides: got 20000 timers 1000000 apart/,
  ],
  ['to resume nothing', ['sweep', '--resume'], 2, /: --resume: got no --out, expected the file whose journal/],
  ['a shard of nothing', ['sweep', '--shard', '0/4'], 2, /: --shard: got '0\/4', expected I\/N, 1\/10000…/],
  ['two kinds of shard', ['sweep', '--shard', '1/4', '--shards', '3'], 2, /: --shards: got 3 beside --shard 1\/4/],
  ['no shards', ['merge'], 2, /shards: got none, expected the --out files of all shards/],
  ['a trace for a shard', ['merge', 'sparse/pstree.img'], 3, /sparse\/pstree\.img: got no JSON/],
  [
    'a shard that is not there',
    ['merge', 'nowhere.json'],
    3,
    /: nowhere\.json: got no such file, expected a shard of idspace/,
  ],
  ['a checkpoint that is not there', ['plan', 'nowhere'], 3, /nowhere: got no such file or directory, expected/],
  [
    'an image for a checkpoint',
    ['plan', 'sparse/pstree.img'],
    3,
    /pstree\.img: got one image alone, expected the folder it is in, .*\/sparse$/m,
  ],
  [
    'a folder of folders of checkpoints',
    ['rehearse', '../criu', '--on', 'model:6.18'],
    3,
    /: got a folder without a checkpoint, .*\nCheckpoints are in \S+ground-truth\/criu\/\S+, \S+, \S+ and \d+ more: pass one of these\.$/m,
  ],
  [
    'a folder without any',
    ['plan', '../../support'],
    3,
    /support: got a folder without a checkpoint, expected [^\n]*\n$/,
  ],
])('%s', (_, args, expected, message) => isRefused(args, expected, message));

// Takes seconds.
test.runIf(BUDGET_SHARE >= 1)('a folder of too many', () =>
  isRefused(['plan', '/'], 3, /\/: got more than 10000 folders, expected the folders that hold checkpoints\n$/),
);

async function isRefused(args: readonly string[], expected: number, message: RegExp): Promise<void> {
  const { exitCode, out, err } = await idspace(args, { folder: CHECKPOINTS });
  expect({ exitCode, out }).toEqual({ exitCode: expected, out: '' });
  expect(err).toMatch(message);
  expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect(err).not.toMatch(/^\s+at /m);
}

test('DEBUG=idspace shows the stack', async () => {
  const { err } = await idspace(['plan', 'nowhere'], { env: { DEBUG: 'idspace' } });
  expect(err).toMatch(/^\s+at /m);
});
