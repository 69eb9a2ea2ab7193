// What the workflows promise: who may do what, which code they run, and that publishing needs no secret.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './support/workspace.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  needs?: string | string[];
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  concurrency?: { group: string; 'cancel-in-progress': boolean };
  'timeout-minutes'?: number;
  steps?: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

/** Actions whose commit is not known yet: docs/releasing.md tells how to look it up. */
const UNPINNED = ['actions/setup-node', 'changesets/action'];

const FOLDER = join(ROOT, '.github/workflows');
const texts = new Map(readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const release = workflows.get('release.yml')!;
const jobs = [...workflows].flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job, workflow })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const commands = (job: Job): string => (job.steps ?? []).map(({ run = '' }) => run).join('\n');
const needs = (name: string): string[] =>
  [release.jobs[name]?.needs ?? []].flat().flatMap((before) => [before, ...needs(before)]);

/** Jobs that send something to npm. */
const publishing = jobs.filter(({ job }) => /pnpm release|changeset publish|npm publish/.test(commands(job)));

test('actions are pinned by commit, with the version in a comment, but for those that are listed', () => {
  const unpinned = new Set<string>();
  for (const [file, text] of texts) {
    for (const [, action = '', version = '', comment = ''] of text.matchAll(/uses: ([^@\s]+)@(\S+)(.*)$/gm)) {
      if (/^[0-9a-f]{40}$/.test(version)) expect(comment, `${file}: ${action}`).toMatch(/^ # v\d+\.\d+\.\d+$/);
      else unpinned.add(action);
    }
  }
  expect([...unpinned].sort()).toEqual(UNPINNED);
});

test('a workflow called from another is a file of this repository', () => {
  const called = jobs.flatMap(({ job }) => (job.uses === undefined ? [] : [job.uses]));
  expect(called.filter((path) => !path.startsWith('./') || !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every job says what it may do, and only one may ask for an identity', () => {
  for (const { name, job, workflow } of jobs) {
    expect(job.permissions ?? workflow.permissions, name).toBeTypeOf('object');
    expect(workflow.permissions, name).not.toHaveProperty('id-token');
    expect(Object.values(workflow.permissions!), name).not.toContain('write');
  }
  const identified = jobs.filter(({ job }) => job.permissions?.['id-token'] !== undefined);
  expect(identified).toEqual(publishing);
  expect(publishing.map(({ name, job }) => [name, job.permissions])).toEqual([
    ['release.yml publish', { contents: 'read', 'id-token': 'write' }],
  ]);
});

test('every job that runs has a time limit', () => {
  for (const { name, job } of jobs) if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeLessThan(120);
});

test('what writes is never cut off, and never runs beside itself', () => {
  const writing = jobs.filter(({ job }) => Object.values(job.permissions ?? {}).includes('write'));
  const groups = writing.map(({ job }) => job.concurrency?.group);
  expect(writing.map(({ job }) => job.concurrency?.['cancel-in-progress'])).toEqual(writing.map(() => false));
  // A job that waits is cancelled by the next one of its group: that must be one that does the same.
  expect(new Set(groups).size).toBe(groups.length);
  expect(release.concurrency, 'a waiting run would be dropped, with its publication').toBeUndefined();
});

test('publishing is by trust: Node 24, no token, no .npmrc of setup-node, provenance as pnpm reads it', () => {
  const all = [...texts.values()].join('\n');
  expect(all).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN|^ *registry-url:|^ *NPM_CONFIG_PROVENANCE:/m);
  for (const { job } of publishing) {
    expect(job.environment).toBe('npm');
    const versions = job.steps!.flatMap((step) => Number(step.with?.['node-version'] ?? []));
    expect(versions.filter((version) => version > 0)).toEqual([expect.toSatisfy((version) => version >= 24)]);
    const step = job.steps!.find(({ run }) => run === 'pnpm release')!;
    expect(step.env).toEqual({ PNPM_CONFIG_PROVENANCE: 'true' });
  }
});

test('no action of others runs where something is published', () => {
  for (const { job } of publishing) {
    const used = job.steps!.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((action) => !action.startsWith('actions/'))).toEqual([]);
  }
});

test('nothing is published unchecked, and the tests run once', () => {
  expect(needs('publish')).toEqual(['version', 'check']);
  expect(release.jobs.check!.uses).toBe('./.github/workflows/ci.yml');
  expect(release.jobs.publish!.if).toBe("needs.version.outputs.pending == 'false'");
  expect(release.jobs.tag!.needs).toBe('publish');
  for (const job of Object.values(release.jobs))
    expect(commands(job)).not.toMatch(/pnpm (test|check)|vitest|\.ci\/run/);
  // A push to main starts the release, which calls CI.
  expect(release.on).toHaveProperty('push');
  expect(workflows.get('ci.yml')!.on).not.toHaveProperty('push');
});

test('the pnpm of the workflows is that of package.json; installs are frozen; code that checks is given no credentials', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const { name, step } of steps) {
    if (step.run?.includes('--global pnpm')) {
      expect(step.run, name).toBe(`npm install --global ${manifest.packageManager}`);
    }
    if (step.run?.includes('pnpm install')) expect(step.run, name).toBe('pnpm install --frozen-lockfile');
  }
  for (const { name, job } of jobs) {
    if (job.permissions?.contents === 'write') continue;
    for (const { uses, with: options } of job.steps ?? [])
      if (uses?.startsWith('actions/checkout@')) expect(options?.['persist-credentials'], name).toBe(false);
  }
});

test('no text from outside becomes part of a command', () => {
  expect(steps.filter(({ step }) => step.run?.includes('${{'))).toEqual([]);
});

test('the scripts that the workflow calls exist, and leave tags to the job that may push them', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts['version-packages']).toBe('changeset version && pnpm jsr');
  expect(scripts.release).toMatch(/changeset publish --no-git-tag$/);
});
