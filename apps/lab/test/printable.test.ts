// Nothing foreign moves the cursor, changes colours, hides, reorders or begins a line of its own.
import { describe, expect, test } from 'vitest';
import { CommandError, errorLines, reportError } from '../src/cli/failure.ts';
import { shellWord } from '../src/cli/invocation.ts';
import { guarded } from '../src/cli/terminal.ts';
import { heading } from '../src/format/exhibit-text.ts';
import { escapeHtml } from '../src/format/html.ts';
import { printable, printableLines } from '../src/format/printable.ts';
import { originText } from '../src/plan/origin-text.ts';
import { madeCheckpoint } from './support/made-checkpoint.ts';
import { Collector } from './support/run.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Code points that must never get through, by what they are. */
const UNSEEN: Readonly<Record<string, readonly number[]>> = {
  'C0 controls': range(0, 0x1f),
  'DEL and the C1 controls': range(0x7f, 0x9f),
  'bidi marks': [0x61c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)],
  'line and paragraph separators': [0x2028, 0x2029],
  'zero width': [0xad, 0x34f, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x180e],
  fillers: [0x115f, 0x1160, 0x3164, 0xffa0],
  'interlinear marks': range(0xfff9, 0xfffb),
  tags: range(0xe0001, 0xe007f),
  'halves of a pair': [0xd800, 0xdbff, 0xdc00, 0xdfff],
};

test.each(Object.entries(UNSEEN))('%s become their JSON escapes', (_, points) => {
  for (const point of points) {
    const character = String.fromCodePoint(point);
    const shown = printable(`a${character}z`);
    expect(shown).toMatch(/^a(\\u[\da-f]{4}){1,2}z$/);
    expect(JSON.parse(`"${shown}"`)).toBe(`a${character}z`);
  }
});

test('what is seen stays', () => {
  const text = 'naïve 名前 😀 – ∞ ≥ × µs │ a\u00a0b \\ "quoted"';
  expect(printable(text)).toBe(text);
  expect(printable('a\tb\nc\r')).toBe('a\\u0009b\\u000ac\\u000d');
  expect(printableLines('a\tb\nc\r')).toBe('a\tb\nc\\u000d');
});

test('a long text is cut, and says so', () => {
  expect(printable('abcdef', 6)).toBe('abcdef');
  expect(printable('abc\u001bdef', 5)).toBe('abc\\u001b…');
});

test('a pod of many containers with long names takes some lines', () => {
  const containers = Array.from({ length: 1000 }, (_, i) => ({
    name: `${i}${'x'.repeat(4000)}`,
    id: 'y'.repeat(4000),
  }));
  const text = originText({ ...madeCheckpoint([]), containers, kernelRelease: '6'.repeat(4000) });
  expect(text.length).toBeLessThan(1500);
  expect(text).toMatch(/ and 988 more$/);
});

test('JSON through the door is the JSON of the same value', () => {
  const value = {
    path: Object.values(UNSEEN)
      .flat()
      .map((point) => String.fromCodePoint(point)),
  };
  const shown = printableLines(JSON.stringify(value, null, 2));
  expect(JSON.parse(shown)).toEqual(value);
  expect(printable(shown.replaceAll('\n', ''))).toBe(shown.replaceAll('\n', ''));
});

describe('the door', () => {
  const write = (text: string, isTTY: boolean): string => {
    const out = Object.assign(new Collector(), { isTTY, columns: 100 });
    guarded({ out, err: new Collector(), folder: '/', env: {} }).out.write(text);
    return out.text;
  };

  test('our headings are bold on a terminal, and only there', () => {
    const text = `${heading('Locks', { out: { write: () => {}, isTTY: true }, env: {} })}\nx`;
    expect(write(text, true)).toBe('\u001b[1mLocks\u001b[22m\nx');
    expect(write(text, false)).toBe('\\u001b[1mLocks\\u001b[22m\nx');
  });

  test.each([
    'a \u001b[1mb\u001b[22m',
    '\u001b[1mb',
    '\u001b[1ma\u001b[2Jb\u001b[22m',
    '\u001b[1m\u202e\u001b[22m',
    '\u009b1m',
  ])('another sequence never gets through: %j', (text) => {
    const bare = write(text, true)
      .replace('\u001b[1m', '')
      .replace(/.\[22m$/, '');
    expect(printable(bare)).toBe(bare);
  });

  test('a door behind a door changes nothing', () => {
    const out = new Collector();
    const terminal = guarded(guarded({ out, err: out, folder: '/', env: {} }));
    terminal.out.write('\u001b');
    expect(out.text).toBe('\\u001b');
  });
});

describe('errors', () => {
  test.each([
    ['of a library', new Error('x.tar: evil\nidspace plan: all ok')],
    ['of ours with a foreign name', new CommandError('input', 'evil\nidspace plan: all ok: got nothing')],
  ])('an error %s is one line', (_, error) => {
    const err = new Collector();
    reportError(error, 'idspace plan', { out: err, err, folder: '/', env: {} });
    expect(err.text.trimEnd().split('\n')).toHaveLength(1);
    expect(err.text).toContain('evil\\u000aidspace plan: all ok');
  });

  test('a hint has a line of its own', () => {
    expect(errorLines(new CommandError('input', 'a\nb', { hint: 'c\nd' }))).toEqual(['a\\u000ab', 'c\\u000ad']);
  });

  test('a value of a megabyte does not hide what is expected', () => {
    const [line] = errorLines(new Error(`got '${'x'.repeat(2 ** 20)}', expected less`));
    expect(line!.length).toBeLessThan(2100);
    expect(line).toMatch(/^got 'x+ … x+', expected less$/);
  });
});

test.each([
  ['fleet/a-1.tar.zst', 'fleet/a-1.tar.zst'],
  ['a b', "'a b'"],
  ['$(reboot)', "'$(reboot)'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
  ['a\nreboot\n', "'a\\u000areboot\\u000a'"],
  ['a\u202eb', "'a\\u202eb'"],
])('%j is pasted as %s', (argument, word) => {
  expect(shellWord(argument)).toBe(word);
});

test('a page shows what would not be seen', () => {
  expect(escapeHtml('<b>\u202e\u0000\u001b</b>\n')).toBe('&lt;b&gt;\\u202e\\u0000\\u001b&lt;/b&gt;\n');
});
