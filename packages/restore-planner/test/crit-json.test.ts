// JSON of crit in both dialects against the images it was made of, and every way in which it can be wrong.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError, type CheckpointErrorCode, readCheckpoint } from '@idspace/restore-planner';
import { budget, random } from '@idspace/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Part } from '../src/image/parts.ts';
import { readCritJson } from '../src/json/crit-json.ts';
import { CASES, GROUND_TRUTH } from './support/given-images.ts';
import * as make from './support/images.ts';
import { MemoryBytes } from './support/memory-bytes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-json-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const copyJson = (name: string): void =>
  cpSync(join(GROUND_TRUTH, name), folder, { recursive: true, filter: (path) => !path.endsWith('.img') });

/** What go-criu prints: 64-bit fields quoted, and protobuf's own JSON names if asked for. */
function asGo(text: string, camel: boolean): string {
  const quoted = text.replace(/"(cur|max|sival_ptr|isec|insec|vsec|vnsec)": (\d+)/g, '"$1": "$2"');
  return camel ? quoted.replace(/_(\w)(?=\w*":)/g, (_, letter: string) => letter.toUpperCase()) : quoted;
}

describe.each(CASES)('%s', (name) => {
  test('the same as its images, in both dialects', async () => {
    const images = await readCheckpoint(join(GROUND_TRUTH, name));
    copyJson(name);
    const json = await readCheckpoint(folder);
    expect(json).toEqual({ ...images, source: folder, format: 'crit-json' });
    for (const camel of [false, true]) {
      for (const { pid, threads } of images.processes) {
        for (const file of ['pstree', 'inventory', ...threads.map((tid) => `core-${tid}`)]) {
          const path = join(GROUND_TRUTH, name, `${file}.json`);
          writeFileSync(join(folder, `${file}.json`), asGo(readFileSync(path, 'utf8'), camel));
        }
        expect(pid).toBeGreaterThan(0);
      }
      expect((await readCheckpoint(folder)).processes).toEqual(images.processes);
    }
  });

  test('a single core image, in JSON and in binary, is a process and no more', async () => {
    const { processes } = await readCheckpoint(join(GROUND_TRUTH, name));
    const [{ pid, timers, rlimitSigpending }] = processes as [(typeof processes)[0]];
    const alone = { pid, ppid: 0, threads: [pid], timers, rlimitSigpending };
    for (const extension of ['json', 'img']) {
      const { complete, processes } = await readCheckpoint(join(GROUND_TRUTH, name, `core-${pid}.${extension}`));
      expect({ complete, processes }).toEqual({ complete: false, processes: [alone] });
    }
  });
});

describe('in a folder', () => {
  test('images win over the JSON beside them', async () => {
    copyJson('sparse');
    for (const [name, bytes] of Object.entries(make.oneProcess([{ itId: 5 }])))
      writeFileSync(join(folder, name), bytes);
    expect(await readCheckpoint(folder)).toMatchObject({ format: 'criu-v1.1', processes: [{ pid: 7 }] });
  });

  test('a missing file and a link are refused', async () => {
    copyJson('sparse');
    const core = join(folder, 'core-11884.json');
    rmSync(core);
    await expect(readCheckpoint(folder)).rejects.toMatchObject({ code: 'missing-file', file: core });
    symlinkSync(join(GROUND_TRUTH, 'sparse', 'core-11884.json'), core);
    await expect(readCheckpoint(folder)).rejects.toMatchObject({ code: 'not-a-file', got: 'a symbolic link' });
  });
});

// biome-ignore format: what belongs together stands in a row
const TIMER = {
  it_id: 1, clock_id: 4294967290, si_signo: 0, it_sigev_notify: 1, sival_ptr: 0, overrun: 0,
  isec: 0, insec: 0, vsec: 0, vnsec: 0,
};
const core = (timers: string): string => `{"magic":"CORE","entries":[{"tc":{"timers":{"posix":[${timers}]}}}]}`;
const timer = (over: object = {}): string => JSON.stringify({ ...TIMER, ...over });
const read = (text: string | Uint8Array, pieceSize = 1000): Promise<Part> =>
  readCritJson(new MemoryBytes(text, { pieceSize }));

async function timersIn(text: string, pieceSize?: number): Promise<object[]> {
  const part = await read(text, pieceSize);
  return part.kind === 'core' ? part.timers! : expect.fail(part.kind);
}

describe('values', () => {
  test.each([
    ['as a number', '18446744073709551615'],
    ['as a string', '"18446744073709551615"'],
    ['in hexadecimal', '"0xffffffffffffffff"'],
  ])('64 bits %s are exact', async (_, value) => {
    const text = core(timer().replace('"sival_ptr":0', `"sival_ptr":${value}`));
    expect(await timersIn(text)).toMatchObject([{ sival: 2n ** 64n - 1n, clock: -6 }]);
  });

  test('null is absent; notify_thread_id is signed, and absent where it is', async () => {
    const [none, some, negative] = await timersIn(
      core(
        [
          timer({ notify_thread_id: null }),
          timer({ it_id: 2, notify_thread_id: 9 }),
          timer({ it_id: 3, notify_thread_id: -7 }),
        ].join(),
      ),
    );
    expect(none).not.toHaveProperty('notifyThreadId');
    expect([some, negative]).toMatchObject([{ notifyThreadId: 9 }, { notifyThreadId: -7 }]);
  });

  test('pieces may end anywhere', async () => {
    for (let pieceSize = 1; pieceSize < 40; pieceSize++)
      expect(await timersIn(core(timer()), pieceSize)).toHaveLength(1);
  });

  test('unknown members of any shape go by', async () => {
    const text = `\uFEFF {"x":[{"tc":[1,{"timers":"é\\u0000"}]},null,-1.5e9,true],"magic":"CORE","entries":[{"mtype":"X86_64","tc":{"timers":{"real":{},"posix":[${timer({ x: { it_id: 'no' } })}]}}}],"y":{}}\n`;
    expect(await timersIn(text)).toMatchObject([{ id: 1 }]);
  });
});

const cases: [string, string, CheckpointErrorCode, RegExp][] = [
  ['nothing', '', 'truncated', /the end of the file/],
  ['no entries', '{"magic":"CORE"}', 'bad-json', /no "entries"/],
  ['entries before the magic', '{"entries":[],"magic":"CORE"}', 'bad-json', /"entries" before "magic"/],
  ['two magics', '{"magic":"CORE","magic":"CORE","entries":[]}', 'bad-json', /a second "magic"/],
  ['a magic that is a number', '{"magic":1,"entries":[]}', 'bad-json', /a magic that is not a string/],
  ['an image of another kind', '{"magic":"PAGEMAP","entries":[]}', 'bad-magic', /the image "PAGEMAP"/],
  ['a name of Object.prototype', '{"magic":"toString","entries":[]}', 'bad-magic', /the image "toString"/],
  ['entries that are an object', '{"magic":"CORE","entries":{}}', 'bad-json', /entries of another kind/],
  ['an entry that is a list', '{"magic":"CORE","entries":[[]]}', 'bad-json', /entry of another kind/],
  ['an entry that is a number', '{"magic":"CORE","entries":[7]}', 'bad-json', /entry of a bare value/],
  ['no entry', '{"magic":"CORE","entries":[]}', 'bad-entry-count', /no entry/],
  ['a list that ends as an object', '{"magic":"CORE","entries":[}}', 'bad-json', /a '}'/],
  ['an object that ends as a list', '{"magic":"CORE","entries":[]]', 'bad-json', /a ']'/],
  ['two documents', `${core('')}{}`, 'bad-json', /./],
  ['a list of lists', core('[]'), 'bad-message', /posix: an array/],
  ['a timer that is a number', core('7'), 'bad-message', /posix: "7"/],
  ['timers that are an object', core('').replace('[]', '{}'), 'bad-message', /posix: an object/],
  ['a missing field', core(timer({ overrun: undefined })), 'bad-message', /without the required field overrun/],
  ['a negative ID', core(timer({ it_id: -1 })), 'bad-value', /it_id: "-1"/],
  ['33 bits', core(timer({ it_id: 2 ** 32 })), 'bad-value', /it_id: "4294967296"/],
  ['65 bits', core(timer({ sival_ptr: '18446744073709551616' })), 'bad-value', /sival_ptr/],
  ['a fraction', core(timer({ isec: 1.5 })), 'bad-value', /isec: "1.5"/],
  ['words', core(timer({ isec: 'soon' })), 'bad-value', /isec: "soon"/],
  ['an ID as an object', core(timer({ it_id: {} })), 'bad-message', /it_id: an object/],
  ['an ID as a list', core(timer({ it_id: [1] })), 'bad-message', /it_id: an array/],
  ['JSON that ends after its first entry', '{"magic":"CORE","entries":[{"tc":{}}', 'truncated', /the end of the file/],
  ['a state that is none', '{"magic":"CORE","entries":[{"tc":{"task_state":"Asleep"}}]}', 'bad-value', /task_state/],
  ['depth', `{"magic":"CORE","x":${'['.repeat(100_000)}`, 'bad-json', /JSON more than 64 deep/],
  ['an endless string', `{"magic":"${'x'.repeat(2 ** 21)}`, 'too-large', /a token of more than 1048576 bytes/],
  ['an endless number', `{"magic":${'1'.repeat(2 ** 21)}`, 'too-large', /a token of more than/],
];

test.each(cases)('refuses %s', async (_, text, code, got) => {
  await expect(read(text, 16_384)).rejects.toMatchObject({ code, got: expect.stringMatching(got), file: 'memory' });
});

test('is as strict as JSON.parse', async () => {
  const rng = random(20_250_327);
  const text = `{"magic":"CORE","entries":[{"a":[1,-2.5e3,true,null,"\\u00e9"],"tc":{"timers":{"posix":[${timer()}]}}}]}`;
  const bits = '{}[],:"x0 .-e\\';
  for (let round = 0; round < budget(4_000); round++) {
    const at = rng.below(text.length);
    const mutated =
      text.slice(0, at) + (rng.below(2) === 0 ? bits[rng.below(bits.length)]! : '') + text.slice(at + rng.below(2));
    let isJson = true;
    try {
      JSON.parse(mutated);
    } catch {
      isJson = false;
    }
    const outcome = await read(mutated, 7).catch((error: unknown) => error);
    const what = `seed ${rng.seed}: ${mutated}`;
    if (outcome instanceof Error) expect(outcome, what).toBeInstanceOf(CheckpointError);
    if (!isJson) expect(outcome, what).toBeInstanceOf(CheckpointError);
    else if (outcome instanceof CheckpointError)
      expect(outcome.got, what).not.toMatch(/^(a comma|a colon|a value|'|a '[\]}])/);
  }
});
