// A user's project: a folder in which the packages are installed from a registry, with the tools that people use.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const started = promisify(execFile);

export class User {
  readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  /** @param folder Is made. @param registry Where everything comes from. @param cache Npm's, which starts empty. */
  constructor(folder: string, registry: string, cache: string) {
    this.folder = folder;
    const { NODE_ENV: _, ...env } = process.env; // vitest's is 'test'
    this.env = { ...env, npm_config_registry: registry, npm_config_cache: cache };
    this.write('package.json', JSON.stringify({ private: true, type: 'module' }));
  }

  /** Runs a program. Returns what it printed; throws that if it fails. */
  async run(command: string, ...args: string[]): Promise<string> {
    try {
      return (await started(command, args, { cwd: this.folder, env: this.env, maxBuffer: 2 ** 24 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
    }
  }

  /** Starts a program that goes on until its input ends. @returns The first line that it prints, and how to end it. */
  async start(command: string, ...args: string[]): Promise<{ line: string; end(): Promise<void> }> {
    const child = spawn(command, args, { cwd: this.folder, env: this.env, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    for await (const line of createInterface(child.stdout)) {
      const end = async (): Promise<void> => {
        child.stdin.end();
        await ended;
      };
      return { line, end };
    }
    throw new Error(`${command} ${args.join(' ')}: ended, and printed nothing`);
  }

  node(...args: string[]): Promise<string> {
    return this.run(process.execPath, ...args);
  }

  install(...wanted: string[]): Promise<string> {
    return this.run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', ...wanted);
  }

  /** Writes a file, and returns its name. */
  write(name: string, text: string): string {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}
