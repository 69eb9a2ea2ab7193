// Records the terminal for the README: real runs of the program as an animated picture, without a script in it, the same each time.
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { scriptFlags } from '@idspace/testkit/script-flags';
import { run } from '../src/cli/program.ts';
import { escapeHtml } from '../src/format/html.ts';
import { columnsOf } from '../src/format/screen.ts';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';

/** What is typed, and how many lines of what is printed are shown. */
const SCENES: readonly { command: string; lines: number }[] = [
  { command: 'plan criu-ids-1e6-2e6 --kernel 6.1', lines: 15 },
  { command: 'plan criu-ids-1e6-2e6 --kernel 6.18', lines: 15 },
  { command: 'plan criu-ids-1e6-2e6 --on node.json', lines: 15 },
];

const SECONDS = 10; // of all scenes; then it begins again
const TYPING = 0.3; // share of a scene
const [COLUMNS, ROWS] = [80, 18];
const [WIDTH, HEIGHT, MARGIN] = [8.4, 19, 16]; // of a character; around all, in pixels

/** By the code of a tone, the class that has its colour. */
const CLASSES: Readonly<Record<string, string>> = { '1': 'b', '31': 'r', '32': 'g', '33': 'y' };

/** Makes the picture. */
export async function recording(): Promise<string> {
  const scenes = await Promise.all(SCENES.map((scene, at) => sceneSvg(scene, at)));
  const [width, height] = [COLUMNS * WIDTH + 2 * MARGIN, ROWS * HEIGHT + 2 * MARGIN];
  const said = SCENES.map(({ command }) => `idspace ${command}`).join(', ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal that runs ${escapeHtml(said)}">
<style>
${STYLE}
</style>
<rect class="paper" width="${width}" height="${height}" rx="8"/>
${scenes.join('\n')}
</svg>
`;
}

const SCENE = SECONDS / SCENES.length;
const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;
const SHOWN = percent(1 / SCENES.length);

const STYLE = `svg { --paper: #f6f8fa; --ink: #1f2328; --r: #b91c1c; --g: #15803d; --y: #92400e }
@media (prefers-color-scheme: dark) { svg { --paper: #161b22; --ink: #e6edf3; --r: #ff7b72; --g: #56d364; --y: #e3b341 } }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); white-space: pre }
.paper, .cover { fill: var(--paper) } .b { font-weight: 600 } .r { fill: var(--r) } .g { fill: var(--g) } .y { fill: var(--y) }
.scene { opacity: 0; animation: scene ${SECONDS}s step-end infinite }
.out { animation: out ${SCENE}s step-end infinite }
.cover { animation: type ${SCENE}s infinite }
@keyframes scene { 0% { opacity: 1 } ${SHOWN} { opacity: 0 } }
@keyframes out { 0% { opacity: 0 } ${percent(TYPING)} { opacity: 1 } }
${SCENES.map((_, at) => `.s${at} { animation-delay: ${Math.round(at * SCENE * 100) / 100}s }`).join('\n')}
@media (prefers-reduced-motion: reduce) { .scene, .out, .cover { animation: none } .s${SCENES.length - 1} { opacity: 1 } .cover { display: none } }`;

async function sceneSvg({ command, lines }: (typeof SCENES)[number], at: number): Promise<string> {
  const typed = `$ idspace ${command}`;
  const printed = (await output(command)).split('\n').slice(0, lines);
  const rows = printed.map((line, row) => lineSvg(line, row + 2)).join('');
  const [x, wide] = [MARGIN + 2 * WIDTH, Math.round(typed.length * WIDTH)];
  const keys = `@keyframes type${at} { 0% { transform: none; animation-timing-function: steps(${typed.length}) } ${percent(TYPING - 0.05)}, 100% { transform: translateX(${wide}px) } }`;
  return `<style>${keys} .s${at} .cover { animation-name: type${at} }</style>
<g class="scene s${at}">${textSvg(typed, 0, 0, 'b')}<svg aria-hidden="true" x="${x}" y="${MARGIN}" width="${wide}" height="${HEIGHT}"><rect class="cover" width="${wide}" height="${HEIGHT}"/></svg>
<g class="out">${rows}${textSvg('…', 0, lines + 2, '')}</g></g>`;
}

/** What a command prints on a terminal. */
async function output(command: string): Promise<string> {
  let text = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const terminal = {
    folder: dirname(EXAMPLE_CHECKPOINT),
    env: {},
    err: new Writable({ write: (_, __, done) => done() }),
  };
  await run(command.split(' '), { ...terminal, out: Object.assign(out, { isTTY: true, columns: COLUMNS }) });
  return text;
}

const ESCAPE = '\u001b[';

/** A line as texts, one for each tone. */
function lineSvg(line: string, row: number): string {
  let [column, tone] = [0, ''];
  const parts = line.split(ESCAPE).map((part, at) => {
    const [, code, text] = at === 0 ? [null, '', part] : /^(\d+)m(.*)$/.exec(part)!;
    tone = at === 0 ? '' : (CLASSES[code!] ?? '');
    const from = column;
    column += columnsOf(text!);
    return textSvg(text!, from, row, tone);
  });
  return parts.join('');
}

function textSvg(text: string, column: number, row: number, tone: string): string {
  const plain = stripVTControlCharacters(text);
  if (plain.trim() === '') return '';
  const [x, y] = [MARGIN + column * WIDTH, MARGIN + (row + 0.75) * HEIGHT];
  const length = Math.round(columnsOf(plain) * WIDTH * 10) / 10;
  const named = tone === '' ? '' : ` class="${tone}"`;
  return `<text x="${Math.round(x * 10) / 10}" y="${y}" textLength="${length}" xml:space="preserve"${named}>${escapeHtml(plain)}</text>\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  scriptFlags('pnpm record: writes docs/terminal.svg', {});
  writeFileSync(fileURLToPath(new URL('../../../docs/terminal.svg', import.meta.url)), await recording());
}
