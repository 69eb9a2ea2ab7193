// A copy of the repository in which versions are raised and published for trial.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pnpmProgram } from './pnpm.ts';
import { type Manifest, packages, ROOT } from './workspace.ts';

const run = promisify(execFile);
const CHANGESETS = join(ROOT, 'node_modules/@changesets/cli/bin.js');
const SHARED = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'LICENSE', 'scripts/changelog.cjs'];

/** The files that are published or decide versions, as built, in a git repository of their own. */
export class ReleaseCopy {
  readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  /** @param registry Its URL. @param token What publishing there needs; without one, it is tried without. */
  constructor(folder: string, registry: string, token: string | undefined) {
    this.folder = folder;
    const bin = join(folder, 'bin');
    // biome-ignore format: what belongs together stands in a row
    this.env = {
      ...process.env, PATH: `${bin}:${process.env.PATH}`, CI: 'true',
      npm_config_registry: registry, PNPM_CONFIG_REGISTRY: registry, PNPM_CONFIG_PROVENANCE: 'false',
      GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@example.org',
      GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@example.org',
    };
    for (const name of ['npm_config_user_agent', 'npm_execpath']) delete this.env[name];
    for (const file of SHARED) cpSync(join(ROOT, file), join(folder, file));
    cpSync(join(ROOT, '.changeset'), join(folder, '.changeset'), { recursive: true });
    for (const pkg of packages) this.copyPackage(pkg.folder, pkg.manifest);
    const access = token === undefined ? '' : `${registry.replace('http:', '')}:_authToken=${token}\n`;
    writeFileSync(join(folder, '.npmrc'), `registry=${registry}\n${access}`);
    mkdirSync(bin);
    symlinkSync(pnpmProgram(), join(bin, 'pnpm'));
  }

  private copyPackage(folder: string, manifest: Manifest): void {
    const to = join(this.folder, folder);
    mkdirSync(to, { recursive: true });
    const shipped = (manifest as { files?: string[] }).files ?? [];
    for (const name of ['package.json', 'README.md', ...shipped]) {
      const from = join(ROOT, folder, name);
      if (existsSync(from)) cpSync(from, join(to, name), { recursive: true });
    }
    // pnpm reads the versions of what is used from where it is installed.
    const { dependencies, devDependencies } = manifest;
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const used = packages.find((other) => other.manifest.name === name);
      if (used === undefined) continue;
      const at = join(to, 'node_modules', name);
      mkdirSync(dirname(at), { recursive: true });
      symlinkSync(join(this.folder, used.folder), at);
    }
  }

  async commit(message: string): Promise<void> {
    const git = (...args: string[]): Promise<unknown> => run('git', args, { cwd: this.folder, env: this.env });
    if (!existsSync(join(this.folder, '.git'))) await git('init', '-q', '-b', 'main');
    await git('add', '--all');
    await git('commit', '-q', '-m', message);
  }

  /** Puts one change in place of those that are pending. */
  change(name: string, bump: 'patch' | 'minor', text: string): void {
    const folder = join(this.folder, '.changeset');
    for (const file of readdirSync(folder)) if (/^(?!README).*\.md$/.test(file)) rmSync(join(folder, file));
    writeFileSync(join(folder, 'trial.md'), `---\n'${name}': ${bump}\n---\n\n${text}\n`);
  }

  /** Makes all other packages private. */
  only(name: string): void {
    for (const { folder, manifest } of packages) {
      if (manifest.name === name) continue;
      const file = join(this.folder, folder, 'package.json');
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), private: true }));
    }
  }

  /** As the job `version` of the release workflow does. @returns What it printed. */
  async version(): Promise<string> {
    return this.changesets('version');
  }

  /** As the job `publish` does. @returns What it printed. @throws What it printed, where it fails. */
  async publish(): Promise<string> {
    return this.changesets('publish', '--no-git-tag');
  }

  private async changesets(...args: string[]): Promise<string> {
    const { stdout, stderr } = await run(process.execPath, [CHANGESETS, ...args], { cwd: this.folder, env: this.env });
    return `${stdout}${stderr}`;
  }

  /** The versions in the copy, by name. */
  versions(): Map<string, string> {
    return new Map(
      packages.map(({ folder, manifest }) => {
        const { version } = JSON.parse(readFileSync(join(this.folder, folder, 'package.json'), 'utf8')) as Manifest;
        return [manifest.name, version];
      }),
    );
  }

  changelog(folder: string): string {
    return readFileSync(join(this.folder, folder, 'CHANGELOG.md'), 'utf8');
  }
}
