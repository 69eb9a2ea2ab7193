// The document around a decoded image: { "magic": "CORE", "entries": [{ … }] }. Checks the grammar, keeps the fields that
// our definitions name, and lets everything else go by.
import TokenType from '@streamparser/json/utils/types/tokenType.js';
import { CheckpointError } from '../checkpoint-error.ts';
import type { Decoded } from '../image/message.ts';
import { create } from '../protobuf/decode.ts';
import type { DescField, DescMessage, Message } from '../protobuf/schema.ts';
import { scalarOf } from './scalar.ts';

const MAX_DEPTH = 64; // crit's own JSON has less than 20

/** What values are for at one place: a field of a message, the parts of the document itself, or nothing we know. */
type Slot = { field: DescField } | 'document' | 'magic' | 'entries' | 'entry' | 'unknown';

/** An object or an array that is not closed yet. */
interface Frame {
  slot: Slot;
  isArray: boolean;
  offset: number;
  /** Whether an element or a member has just ended, so that only a comma or the end may follow. */
  isAfter: boolean;
  /** Whether a comma came last, so that the end must not follow. */
  isAfterComma: boolean;
  /** Of an object: the key whose value is awaited; null before a key; `isColon` tells whether its colon has come. */
  key: string | null;
  isColon: boolean;
  /** Of an object that is kept. */
  message: (Message & Record<string, unknown>) | null;
  schema: DescMessage | null;
}

/** A document of crit, entry by entry. */
export class CritDocument {
  magic: string | null = null;
  /** Entries that have been read and not yet taken out. */
  readonly entries: Decoded<Message>[] = [];
  private readonly file: string;
  private readonly schemaOf: (magic: string) => DescMessage;
  private readonly frames: Frame[] = [];
  private schema: DescMessage | null = null;
  private isEnded = false;
  private hasEntries = false;

  /** @param schemaOf Called with the magic, to tell what the entries are; throws for others. */
  constructor(file: string, schemaOf: (magic: string) => DescMessage) {
    this.file = file;
    this.schemaOf = schemaOf;
  }

  /** @param value The text of a string or a number. @throws CheckpointError where the token does not belong. */
  add(token: TokenType, value: string, offset: number): void {
    const top = this.frames.at(-1);
    switch (token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        this.open(token === TokenType.LEFT_BRACKET, offset);
        return;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        this.close(token === TokenType.RIGHT_BRACKET, offset);
        return;
      case TokenType.COMMA:
        if (top === undefined || !top.isAfter) throw this.bad(offset, 'a comma');
        top.isAfter = false;
        top.isAfterComma = true;
        return;
      case TokenType.COLON:
        if (top === undefined || top.key === null || top.isColon) throw this.bad(offset, 'a colon');
        top.isColon = true;
        return;
      default:
        if (token === TokenType.STRING && top !== undefined && !top.isArray && top.key === null && !top.isAfter) {
          top.key = value;
          return;
        }
        this.scalar(token, value, offset);
    }
  }

  /** Says that no token follows. @throws CheckpointError if something is missing. */
  end(offset: number): void {
    if (!this.isEnded) throw new CheckpointError('truncated', this.at(offset), 'the end of the file', 'more JSON');
    if (!this.hasEntries) throw this.bad(offset, 'no "entries"');
  }

  private open(isArray: boolean, offset: number): void {
    const slot = this.slotOfValue(offset);
    if (this.frames.length >= MAX_DEPTH) throw this.bad(offset, `JSON more than ${MAX_DEPTH} deep`);
    this.checkShape(slot, isArray, offset);
    const schema = isArray
      ? null
      : slot === 'entry'
        ? this.schema
        : isField(slot)
          ? (slot.field.message ?? null)
          : null;
    const message = schema === null ? null : (create(schema) as Frame['message']);
    const state = { isAfter: false, isAfterComma: false, key: null, isColon: false };
    this.frames.push({ slot, isArray, offset, ...state, message, schema });
    if (slot === 'entries') this.hasEntries = true;
  }

  private close(isArray: boolean, offset: number): void {
    const frame = this.frames.pop();
    if (frame === undefined || frame.isArray !== isArray || frame.isAfterComma || frame.key !== null) {
      throw this.bad(offset, isArray ? "a ']'" : "a '}'");
    }
    if (frame.message !== null) this.keep(frame);
    this.after();
  }

  private scalar(token: TokenType, value: string, offset: number): void {
    const slot = this.slotOfValue(offset);
    const isText = token === TokenType.STRING || token === TokenType.NUMBER;
    if (slot === 'magic') {
      if (token !== TokenType.STRING) throw this.bad(offset, 'a magic that is not a string');
      if (this.magic !== null) throw this.bad(offset, 'a second "magic"');
      this.magic = value;
      this.schema = this.schemaOf(value);
    } else if (isField(slot)) {
      const { field } = slot;
      if (token !== TokenType.NULL) {
        const isOne = field.message === undefined && (!field.isList || this.frames.at(-1)!.isArray);
        const isFlag = token === TokenType.TRUE || token === TokenType.FALSE;
        const isOfField = !isFlag || field.scalar === 'bool';
        const got = isText ? value : isFlag ? (isOfField ? String(token === TokenType.TRUE) : 'a boolean') : '';
        if (!isOne) throw this.wrong(field, offset, JSON.stringify(got));
        this.store(field, scalarOf(field, got, this.at(offset)), this.owner());
      }
    } else if (slot !== 'unknown') {
      throw this.bad(
        offset,
        slot === 'document' ? 'a bare value' : `${slot === 'entry' ? 'an' : ''} ${slot} of a bare value`,
      );
    }
    this.after();
  }

  /** What the value that begins now is for. */
  private slotOfValue(offset: number): Slot {
    const top = this.frames.at(-1);
    if (top === undefined) {
      if (this.isEnded) throw this.bad(offset, 'a second document');
      return 'document';
    }
    if (top.isAfter || (!top.isArray && (top.key === null || !top.isColon))) throw this.bad(offset, 'a value');
    if (top.isArray) return top.slot === 'entries' ? 'entry' : top.slot;
    if (top.slot === 'document') {
      if (top.key === 'entries' && this.schema === null) throw this.bad(offset, '"entries" before "magic"');
      return top.key === 'magic' || top.key === 'entries' ? top.key : 'unknown';
    }
    const field = top.schema?.fields.find(({ name, localName }) => name === top.key || localName === top.key);
    return field === undefined ? 'unknown' : { field };
  }

  private checkShape(slot: Slot, isArray: boolean, offset: number): void {
    if (slot === 'unknown') return;
    if (!isField(slot)) {
      if (slot === 'magic' || isArray !== (slot === 'entries')) throw this.bad(offset, `a ${slot} of another kind`);
      return;
    }
    const { field } = slot;
    const isInList = this.frames.at(-1)!.isArray;
    const fits = isArray ? field.isList && !isInList : field.message !== undefined;
    if (!fits || (!isArray && field.isList && !isInList)) {
      throw this.wrong(field, offset, isArray ? 'an array' : 'an object');
    }
  }

  /** Puts a finished object where it belongs. */
  private keep({ slot, message, schema, offset }: Frame): void {
    for (const field of schema!.fields) {
      if (!field.isRequired || Object.hasOwn(message!, field.localName)) continue;
      const got = `a ${schema!.name} without the required field ${field.name}`;
      throw new CheckpointError('bad-message', this.at(offset), got, `a ${schema!.name}`);
    }
    if (isField(slot)) this.store(slot.field, message, this.owner());
    else this.entries.push({ message: message!, where: this.at(offset) });
  }

  private store(field: DescField, value: unknown, owner: Record<string, unknown>): void {
    if (field.isList) (owner[field.localName] as unknown[]).push(value);
    else owner[field.localName] = value;
  }

  /** The object whose field is being read: the innermost that is open, or the one around a list of its. */
  private owner(): Record<string, unknown> {
    const top = this.frames.at(-1)!;
    return (top.isArray ? this.frames.at(-2)! : top).message!;
  }

  /** A value has ended. */
  private after(): void {
    const top = this.frames.at(-1);
    if (top === undefined) {
      this.isEnded = true;
      return;
    }
    top.isAfter = true;
    top.isAfterComma = false;
    top.key = null;
    top.isColon = false;
  }

  private at(offset: number): { file: string; offset: number } {
    return { file: this.file, offset };
  }

  private wrong(field: DescField, offset: number, got: string): CheckpointError {
    const kind = field.message === undefined ? 'a number' : 'an object';
    const expected = field.isList ? `a list, each ${kind}` : kind;
    return new CheckpointError('bad-message', this.at(offset), `${field.name}: ${got}`, expected);
  }

  private bad(offset: number, got: string): CheckpointError {
    const expected = 'JSON of crit, { "magic": …, "entries": […] }';
    return new CheckpointError('bad-json', this.at(offset), got, expected);
  }
}

function isField(slot: Slot): slot is { field: DescField } {
  return typeof slot === 'object';
}
