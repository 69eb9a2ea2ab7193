// Processes that make calls in namespaces of their own: their program, what they do, and that nothing stays.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentCode } from '../src/agent/agent-code.ts';
import { Agents } from '../src/agent/agents.ts';
import { type LiveIds, openLiveIds } from '../src/agent/live-ids.ts';
import { CALL } from '../src/agent/x64-calls.ts';
import { LiveKernelError } from '../src/live-kernel-error.ts';

const SOURCE = join(import.meta.dirname, 'agent.s');
const HAS_ASSEMBLER = process.arch === 'x64' && spawnSync('as', ['--version']).status === 0;
const [EEXIST, EINVAL] = [-17, -22];

test.skipIf(!HAS_ASSEMBLER)('the program is what its source says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-agent-'));
  try {
    const [object, binary] = [join(folder, 'agent.o'), join(folder, 'agent.bin')];
    expect(spawnSync('as', [SOURCE, '-o', object]).status).toBe(0);
    expect(spawnSync('objcopy', ['-O', 'binary', '-j', '.text', object, binary]).status).toBe(0);
    expect(agentCode('x64')).toEqual(new Uint8Array(readFileSync(binary)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('there is none for another architecture', () => expect(agentCode('arm64')).toBeUndefined());

const WHY_SKIPPED = await whySkipped();
if (WHY_SKIPPED !== null) console.warn(`SKIPPED: namespaces of their own: ${WHY_SKIPPED}`);

async function whySkipped(): Promise<string | null> {
  try {
    (await Agents.start()).close();
    return null;
  } catch (error) {
    if (error instanceof LiveKernelError) return error.message;
    throw error;
  }
}

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel', () => {
  test('processes and threads get the numbers that they are asked for', async () => {
    const agents = await Agents.start();
    expect(agents.first(CALL.getpid)).toBe(1);
    expect([agents.start(1, 'process', 5000), agents.start(5000, 'process', 77)]).toEqual([5000, 77]);
    expect([agents.start(5000, 'thread', 5001), agents.start(1, 'process', 5001)]).toEqual([5001, EEXIST]);
    expect(agents.start(1, 'process', 0)).toBe(EINVAL);
    expect([agents.call(77, CALL.getpid), agents.call(5001, CALL.getpid)]).toEqual([77, 5000]);
    expect(() => agents.call(78, CALL.getpid)).toThrow('there is no process or thread 78 that makes calls');
    agents.close();
  });

  test('when the first process is killed, a call says so', async () => {
    const agents = await Agents.start();
    const { pid } = agents as unknown as { pid: number };
    process.kill(pid, 'SIGKILL');
    expect(() => agents.first(CALL.getpid)).toThrow('has ended');
    agents.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('they keep nothing of this process: no file, no memory, no signal handler', async () => {
    const agents = await Agents.start();
    const { pid } = agents as unknown as { pid: number };
    const child = agents.start(1, 'process');
    expect(child).toBeGreaterThan(1);
    expect(spawnSync('ls', [`/proc/${pid}/fd`], { encoding: 'utf8' }).stdout).toBe('');
    expect(readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n').length).toBeLessThan(10);
    expect(/^SigCgt:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]).toMatch(/^0+$/);
    agents.close();
  });

  test('each space begins empty, and hands out IDs as Linux does', async () => {
    for (let round = 0; round < 2; round++) {
      const ids = await openLiveIds();
      expect(handedOut(ids)).toMatchObject({ wds: [1, 2, 9], shm: [32774, 0], ptys: [0, 1, 1], pids: [5001, EEXIST] });
      ids.close();
    }
  });
});

/** What comes of a few calls in each space that there is. */
function handedOut({ inotify, sysv, pty, pids }: LiveIds): Record<string, number[]> {
  const found: Record<string, number[]> = { wds: [1, 2, 9], shm: [32774, 0], ptys: [0, 1, 1], pids: [5001, EEXIST] };
  if (!('why' in inotify)) {
    const file = inotify.open();
    found.wds = [inotify.add(file), inotify.add(file)];
    inotify.setNextId(file, 9);
    found.wds.push(inotify.add(file));
  }
  if (!('why' in sysv)) {
    sysv.setNextId('shm', 32774);
    found.shm = [sysv.create('shm', 7), sysv.create('shm', 0)];
  }
  if (!('why' in pty)) {
    found.ptys = [pty.open(), pty.open()];
    pty.close(1);
    found.ptys.push(pty.open());
  }
  if (!('why' in pids)) found.pids = [pids.fork(1, 5001), pids.fork(1, 5001)];
  for (const space of [inotify, sysv, pty, pids]) if ('why' in space) console.warn(`SKIPPED: ${space.why}`);
  return found;
}
