// Lines of words: logs, listings, the texts of /proc.
import { anyNumber } from '../bytes.ts';
import type { Draw, Structure } from '../target.ts';

/** Changes a line, a word or a number of a text. */
export const lines: Structure = (input, draw) => {
  const { random } = draw;
  const all = decode(input).split('\n');
  const others = decode(draw.other).split('\n');
  const at = random.below(all.length);
  switch (random.below(10)) {
    case 0:
      all.splice(at, 1);
      break;
    case 1:
      all.splice(random.below(all.length + 1), 0, all[at]!);
      break;
    case 2:
      all.splice(at, 0, random.pick(others));
      break;
    case 3:
      all.push(all.splice(at, 1)[0]!);
      break;
    default:
      all[at] = changedLine(all[at]!, random.pick(others), draw);
  }
  return Uint8Array.from(Buffer.from(all.join('\n'), 'latin1'));
};

/** Numbers, words, blanks, and single signs. */
const TOKEN = /\d+|[A-Za-z_]+|[ \t]+|./gs;

function changedLine(line: string, other: string, draw: Draw): string {
  const { random, words } = draw;
  const tokens = line.match(TOKEN) ?? [''];
  const at = random.below(tokens.length);
  const token = tokens[at]!;
  switch (random.below(8)) {
    case 0:
      tokens.splice(at, 1);
      break;
    case 1:
      tokens.splice(at, 0, token);
      break;
    case 2:
      tokens[at] = random.pick(other.match(TOKEN) ?? ['']);
      break;
    case 3:
      tokens[at] = words.texts.length > 0 ? random.pick(words.texts) : '';
      break;
    case 4:
      tokens[at] = String.fromCharCode(random.below(256));
      break;
    default:
      tokens[at] = random.chance(0.2) ? anyNumber(draw).toString(16) : String(anyNumber(draw));
  }
  return tokens.join('');
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
