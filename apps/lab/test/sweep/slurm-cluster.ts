// A Slurm cluster of this machine alone, in a temporary folder, for as long as a test takes.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HANG_MS } from '@idspace/testkit';

/** Why Slurm cannot run here; null where it can. */
export const WHY_NO_SLURM: string | null = whyNot();
if (WHY_NO_SLURM !== null) console.warn(`SKIPPED: the sweep on Slurm, for want of ${WHY_NO_SLURM}`);

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'Linux';
  const programs = ['munged', 'mungekey', 'slurmctld', 'slurmd', 'sbatch', 'scontrol'];
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} (apt-get install -y munge slurm-wlm)`;
  return process.getuid?.() === 0 ? null : 'root, which its daemons need';
}

export class SlurmCluster {
  /** Everything is in here. */
  readonly folder: string;
  private readonly daemons: ChildProcess[] = [];
  private readonly env: Record<string, string>;
  private attempts = 0;

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'idspace-slurm-'));
    this.env = { PATH: process.env.PATH ?? '', SLURM_CONF: join(this.folder, 'slurm.conf') };
  }

  /** Starts one with two CPUs. */
  static async start(): Promise<SlurmCluster> {
    const cluster = new SlurmCluster();
    try {
      await cluster.boot();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Runs one of Slurm's programs and returns what it prints. */
  run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { cwd: this.folder, env: this.env, encoding: 'utf8' }).trim();
  }

  /** Tells the state of a task, such as 'RUNNING'. */
  state(job: string, task: number): string {
    const lines = this.run('squeue', '-h', '-t', 'all', '-r', '-j', job, '-o', '%K %T').split('\n');
    return lines.find((line) => line.startsWith(`${task} `))?.split(' ')[1] ?? '';
  }

  /**
   * Starts a task that waits: one that was queued again does so for two minutes, from when its end has been cleaned up; one that
   * could not be launched is held, and its node may be drained.
   */
  hurry(job: string, task: number): void {
    if (this.state(job, task) !== 'PENDING') return;
    const id = `${job}_${task}`;
    const [host] = hostname().split('.');
    // Each is refused where it has nothing to do, or the task has started meanwhile.
    for (const words of [
      ['update', `nodename=${host}`, 'state=resume'],
      ['release', id],
      ['update', `jobid=${id}`, 'StartTime=now'],
    ]) {
      spawnSync('scontrol', words, { env: this.env });
    }
  }

  /** Waits until something is so. */
  async until(what: string, holds: () => boolean): Promise<void> {
    for (const started = performance.now(); performance.now() - started < HANG_MS; await sleep(250))
      if (holds()) return;
    const jobs = spawnSync('squeue', ['-t', 'all'], { env: this.env, encoding: 'utf8' }).stdout;
    throw new Error(`not in ${HANG_MS / 1000} s: ${what}\n${jobs}${this.logs()}`);
  }

  /** What the tasks and the daemons have to say. */
  private logs(): string {
    const names = readdirSync(this.folder).filter((name) => /log/.test(name));
    return names.map((name) => `${name}:\n${readFileSync(join(this.folder, name), 'utf8').slice(-3000)}\n`).join('');
  }

  /** Ends all jobs and daemons, and removes the folder. */
  async stop(): Promise<void> {
    const running = (): string => spawnSync('squeue', ['-h'], { env: this.env, encoding: 'utf8' }).stdout;
    if (this.daemons.length > 2 && running() !== '') {
      this.run('scancel', '--user=root');
      await this.until('no job is left', () => running() === '');
    }
    for (const daemon of this.daemons.reverse()) {
      if (daemon.exitCode !== null) continue;
      daemon.kill();
      await Promise.race([new Promise((gone) => daemon.once('exit', gone)), sleep(5000)]);
      daemon.kill('SIGKILL');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async boot(): Promise<void> {
    const { folder } = this;
    const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'munge'], { encoding: 'utf8' })));
    const munge = join(folder, 'munge');
    for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name));
    for (const path of [folder, munge]) chmodSync(path, 0o755);
    chownSync(munge, uid, gid);
    execFileSync('mungekey', ['-c', '-k', join(munge, 'key')], { uid, gid });
    const files = Object.entries({ 'key-file': 'key', 'log-file': 'log', 'pid-file': 'pid', 'seed-file': 'seed' });
    const flags = files.map(([flag, name]) => `--${flag}=${join(munge, name)}`);
    const socket = join(munge, 'socket');
    this.daemons.push(spawn('munged', ['--foreground', `--socket=${socket}`, ...flags], { uid, gid, stdio: 'ignore' }));
    await this.until('munged answers', () => spawnSync('munge', ['-n', '-S', socket]).status === 0);
    while (!(await this.startOn(slurmConf(folder, socket, await freePorts()))));
  }

  /** Starts Slurm. Returns false if a daemon ends: another program took its port after it was found to be free. */
  private async startOn(conf: string): Promise<boolean> {
    writeFileSync(this.env.SLURM_CONF, conf);
    const started = ['slurmctld', 'slurmd'].map((daemon) => spawn(daemon, ['-D'], { env: this.env, stdio: 'ignore' }));
    this.daemons.push(...started);
    const idle = (): boolean =>
      spawnSync('sinfo', ['-h', '-o', '%T'], { env: this.env }).stdout.toString() === 'idle\n';
    const ended = (): boolean => started.some(({ exitCode }) => exitCode !== null);
    await this.until('the node is idle', () => idle() || ended());
    if (!ended()) return true;
    for (const daemon of started) daemon.kill('SIGKILL');
    this.attempts++;
    if (this.attempts < 5) return false;
    throw new Error(`a daemon ended ${this.attempts} times\n${this.logs()}`);
  }
}

function slurmConf(folder: string, socket: string, [controller, node]: readonly number[]): string {
  const [host] = hostname().split('.');
  return `ClusterName=idspace
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Two ports that no process listens on. */
async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return found;
}
