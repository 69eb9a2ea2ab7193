// The imports of the sources: no circle between files, the arrows between the app's folders, and what a command loads.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages } from './support/workspace.ts';

interface Import {
  /** As it is written. */
  specifier: string;
  kind: 'static' | 'type' | 'lazy';
}

/** The imports of a file, comments left out. Types count: a reader follows them, too. */
function importsOf(text: string): Import[] {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const named = [...code.matchAll(/^(?:import|export)\b(\s+type\b)?[^;'"]*?\bfrom\s+'([^']+)'/gm)];
  const bare = [...code.matchAll(/^import\s+'([^']+)'/gm)];
  const lazy = [...code.matchAll(/\bimport\('([^']+)'\)/g)];
  return [
    ...named.map(([, type, specifier]): Import => ({ specifier: specifier!, kind: type ? 'type' : 'static' })),
    ...bare.map(([, specifier]): Import => ({ specifier: specifier!, kind: 'static' })),
    ...lazy.map(([, specifier]): Import => ({ specifier: specifier!, kind: 'lazy' })),
  ];
}

type Graph = Map<string, Import[]>;

/** The files of a folder with their imports; those of files are paths relative to the folder. */
function graphOf(folder: string): Graph {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  return new Map(
    files.sort().map((file) => {
      const imports = importsOf(readFileSync(join(folder, file), 'utf8'));
      const inside = imports.map(({ specifier, kind }) => ({
        specifier: specifier.startsWith('.') ? relative(folder, join(folder, dirname(file), specifier)) : specifier,
        kind,
      }));
      return [file, inside];
    }),
  );
}

/** Finds one circle; the files in it in order. */
function circleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const { specifier, kind } of graph.get(file) ?? []) {
      const circle = kind !== 'lazy' && graph.has(specifier) ? visit(specifier) : undefined;
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** What a file loads when it is loaded: files of its folder, and packages by their names. */
function loadedBy(graph: Graph, file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { specifier, kind } of graph.get(file) ?? []) {
    if (kind === 'static') loadedBy(graph, specifier, seen);
  }
  return seen;
}

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

test('circles and lazy imports are told', () => {
  const files: Graph = new Map([
    ['a.ts', importsOf("import { b } from './b.ts';\n// import { c } from './c.ts';\nawait import('./d.ts');")],
    ['b.ts', importsOf("export {\n  type A,\n} from './a.ts';\nimport 'node:fs';")],
  ]);
  expect(files.get('a.ts')).toEqual([
    { specifier: './b.ts', kind: 'static' },
    { specifier: './d.ts', kind: 'lazy' },
  ]);
  expect(files.get('b.ts')!.map(({ specifier }) => specifier)).toEqual(['./a.ts', 'node:fs']);
  const graph: Graph = new Map([
    ['a', [{ specifier: 'b', kind: 'type' }]],
    ['b', [{ specifier: 'c', kind: 'static' }]],
    ['c', [{ specifier: 'b', kind: 'type' }]],
  ]);
  expect(circleIn(graph)).toEqual(['b', 'c', 'b']);
  expect(circleIn(new Map([...graph].slice(0, 2)))).toBeUndefined();
});

// The site has pages and what builds them, and no sources.
const withSources = packages.filter(({ path }) => existsSync(join(path, 'src')));

test.each(withSources.map(({ folder, path }) => [folder, path]))(
  '%s: no file imports itself, by whatever way',
  (_, path) => {
    // The docs have no sources but those that build them.
    const sources = ['src', 'build'].map((name) => join(path, name)).find((folder) => existsSync(folder));
    expect(circleIn(graphOf(sources!))).toBeUndefined();
  },
);

/** The arrows between the folders of an app, one for each import. */
function arrowsOf(graph: Graph): (readonly [from: string, to: string])[] {
  return [...graph].flatMap(([file, imports]) =>
    imports
      .filter(({ specifier, kind }) => graph.has(specifier) && kind !== 'lazy')
      .map(({ specifier }) => [folderOf(file), folderOf(specifier)] as const)
      .filter(([from, to]) => from !== to),
  );
}

describe('the app', () => {
  const graph = graphOf(join(packages.find(({ manifest }) => manifest.name === 'idspace')!.path, 'src'));

  /** Every command may lean on cli/ and format/; these besides. The empty name is src/ itself. */
  const ARROWS: Record<string, string[]> = {
    '': ['cli', 'plan'],
    cli: ['format', ''],
    format: [''],
    claims: ['rehearse'],
    completion: [],
    demo: ['evaluate', 'explore', 'plan'],
    evaluate: ['plan'],
    explore: [],
    man: [],
    merge: [],
    plan: [],
    probe: ['plan'],
    rehearse: ['plan'],
    simulate: [],
    sweep: [],
  };

  test('has a folder for every command, and these arrows between them', () => {
    const wrong = arrowsOf(graph).filter(([from, to]) => {
      const common = from === 'cli' || from === 'format' || from === '' ? [] : ['cli', 'format', ''];
      return ![...common, ...(ARROWS[from] ?? [])].includes(to);
    });
    expect([...new Set(wrong.map(([from, to]) => `${from} -> ${to}`))]).toEqual([]);
  });

  test('loads a command when it is called', () => {
    const folders = new Set([...loadedBy(graph, 'cli/program.ts')].filter((file) => graph.has(file)).map(folderOf));
    expect([...folders].sort()).toEqual(['', 'cli', 'format']);
  });

  test('plans without the simulator, the evaluation or the models', () => {
    const ours = [...loadedBy(graph, 'plan/command.ts')].filter((name) => name.startsWith('@idspace/'));
    expect(ours.sort()).toEqual(['@idspace/live-kernel', '@idspace/restore-planner']);
  });
});

test('the explorer has a folder for every view, and these arrows between them', () => {
  const graph = graphOf(join(packages.find(({ manifest }) => manifest.name === 'idspace-explorer')!.path, 'src'));
  /** The empty name is src/ itself: what boots, and the table of views. */
  const ARROWS: Record<string, string[]> = {
    '': ['shell', 'start', 'panels', 'scenes', 'race', 'checkpoint', 'trace', 'worker'],
    shell: [],
    worker: [],
    engine: [],
    panels: ['engine', 'shell'],
    scenes: ['engine', 'shell', 'panels', 'race', 'worker'],
    race: ['engine', 'shell', 'panels'],
    start: ['race', 'shell'],
    checkpoint: ['engine', 'shell', 'worker'],
    trace: ['engine', 'shell', 'worker'],
  };
  const wrong = arrowsOf(graph).filter(([from, to]) => !ARROWS[from]?.includes(to));
  expect([...new Set(wrong.map(([from, to]) => `${from} -> ${to}`))]).toEqual([]);
});
