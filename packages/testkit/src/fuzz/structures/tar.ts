// Tar archives: members are changed by their own forms, dropped, doubled, moved, renamed; sizes and checksums of headers are made right.
import { anyNumber, changeBytes, joined } from '../bytes.ts';
import type { Draw, Structure } from '../target.ts';

const BLOCK = 512;
const AT = { name: 0, size: 124, checksum: 148, type: 156, link: 157, magic: 257 } as const;

interface Member {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
}

/** Makes the structure of archives whose members have forms of their own. @param formOf The forms of a member, by its name. */
export function tar(formOf: (name: string) => readonly Structure[]): Structure {
  return (input, draw) => {
    const members = membersOf(input);
    if (members === undefined || members.length === 0) return undefined;
    const { random } = draw;
    const others = membersOf(draw.other) ?? [];
    const at = random.below(members.length);
    const member = members[at]!;
    switch (random.below(14)) {
      case 0:
        members.splice(at, 1);
        break;
      case 1:
        members.splice(random.below(members.length + 1), 0, member);
        break;
      case 2:
        if (others.length > 0) members.splice(at, 0, random.pick(others));
        break;
      case 3:
        members[at] = named(member, nameFor(member, members, draw));
        break;
      case 4:
        members[at] = { ...member, header: changedHeader(member.header, draw) };
        break;
      default:
        members[at] = changedData(member, others, formOf(nameOf(member)), draw);
    }
    return joined(...members.flatMap(written), new Uint8Array(2 * BLOCK));
  };
}

function changedData(member: Member, others: Member[], forms: readonly Structure[], draw: Draw): Member {
  const kind = nameOf(member).replace(/\d+/g, '');
  const same = others.filter((one) => nameOf(one).replace(/\d+/g, '') === kind);
  const inner = { ...draw, other: same.length > 0 ? draw.random.pick(same).data : member.data };
  const form = forms.length > 0 && draw.random.chance(0.85) ? draw.random.pick(forms) : changeBytes;
  const data = form(member.data, inner) ?? changeBytes(member.data, inner);
  const header = member.header.slice();
  header.set(octal(data.length), AT.size);
  return { header, data };
}

function nameFor(member: Member, members: Member[], draw: Draw): string {
  const { random, words } = draw;
  const name = nameOf(member);
  if (random.chance(0.4)) return nameOf(random.pick(members));
  if (random.chance(0.5)) return name.replace(/\d+/, () => String(Math.abs(anyNumber(draw))));
  const text = words.texts.length > 0 ? random.pick(words.texts) : 'x';
  return random.pick([
    `../${name}`,
    `/${name}`,
    `./${name}`,
    `${name}/${text}`,
    text,
    '',
    `${name.split('/')[0]}/${text}`,
  ]);
}

function named(member: Member, name: string): Member {
  const header = member.header.slice();
  const bytes = new TextEncoder().encode(name).subarray(0, 99);
  header.fill(0, AT.name, AT.name + 100);
  header.set(bytes, AT.name);
  return { header, data: member.data };
}

/** Changes the kind, or any byte. */
function changedHeader(header: Uint8Array, draw: Draw): Uint8Array {
  const changed = header.slice();
  if (draw.random.chance(0.5))
    changed[AT.type] = draw.random.pick([...'0125xgLKS\0'].map((type) => type.charCodeAt(0)));
  else changed[draw.random.below(BLOCK)] = draw.random.below(256);
  return changed;
}

function membersOf(bytes: Uint8Array): Member[] | undefined {
  const members: Member[] = [];
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const header = bytes.subarray(at, at + BLOCK);
    const size = Number.parseInt(new TextDecoder('latin1').decode(header.subarray(AT.size, AT.size + 12)), 8);
    at += BLOCK;
    if (!(size >= 0) || at + size > bytes.length) return members.length > 0 ? members : undefined;
    members.push({ header, data: bytes.subarray(at, at + size) });
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

function nameOf({ header }: Member): string {
  return new TextDecoder('latin1').decode(header.subarray(0, 100)).replace(/\0.*/s, '');
}

/** Writes a member, its checksum right. */
function written({ header, data }: Member): Uint8Array[] {
  const whole = header.slice();
  whole.fill(0x20, AT.checksum, AT.checksum + 8);
  const sum = whole.reduce((sum, byte) => sum + byte, 0);
  whole.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), AT.checksum);
  return [whole, data, new Uint8Array((BLOCK - (data.length % BLOCK)) % BLOCK)];
}

function octal(size: number): Uint8Array {
  return new TextEncoder().encode(`${size.toString(8).padStart(11, '0')} `);
}
