// Writes accesses down in din form, for other simulators, or to replay them later.
import { DIN_MOST } from './din.ts';
import { checkFunction, refusal, show } from './misuse.ts';

/** Characters that are collected before they are passed on. */
const CHUNK = 65536;

/** Takes accesses and writes a line for each: "0 1fc0 8". Labels are 0 read, 1 write, 2 fetch; sizes are decimal. */
export class DinWriter {
  /** Accesses written. */
  accesses = 0;
  private readonly out: (text: string) => unknown;
  private text = '';

  /**
   * Makes a writer that has written nothing.
   *
   * @param out Gets the text piece by piece, lines whole; such as `(text) => stream.write(text)`.
   * @throws RangeError if it is not a function.
   */
  constructor(out: (text: string) => unknown) {
    this.out = checkFunction('new DinWriter', 'out', out);
  }

  /**
   * Writes a fetch down.
   *
   * @param address 0…2⁵³−1; the access may not go beyond that end.
   * @param bytes 1…4096: readers of din take a larger number for something else.
   * @throws RangeError when an argument is out of range.
   */
  fetch(address: number, bytes = 1): void {
    this.line('fetch', '2', address, bytes);
  }

  /** Writes a read down; as {@link fetch}. */
  read(address: number, bytes = 1): void {
    this.line('read', '0', address, bytes);
  }

  /** Writes a write down; as {@link fetch}. */
  write(address: number, bytes = 1): void {
    this.line('write', '1', address, bytes);
  }

  /** Passes on what is left. */
  end(): void {
    if (this.text !== '') this.out(this.text);
    this.text = '';
  }

  private line(call: string, label: string, address: number, bytes: number): void {
    if (!(Number.isInteger(bytes) && bytes >= 1 && bytes <= DIN_MOST && isAddress(address, bytes))) {
      const got = `${show(bytes)} bytes at ${show(address)}`;
      throw refusal(`DinWriter.${call}`, 'access', got, `1…${DIN_MOST} bytes within 0…9007199254740992`);
    }
    this.text += `${label} ${address.toString(16)} ${bytes}\n`;
    this.accesses++;
    if (this.text.length >= CHUNK) this.end();
  }
}

function isAddress(address: number, bytes: number): boolean {
  return Number.isInteger(address) && address >= 0 && address <= 2 ** 53 - bytes;
}
