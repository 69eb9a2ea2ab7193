// Writes accesses down in din form, for other simulators, or to replay them later.

/** Characters that are collected before they are passed on. */
const CHUNK = 65536;

/** Takes accesses and writes a line for each: "0 1fc0 8". Labels are 0 read, 1 write, 2 fetch; sizes are decimal. */
export class DinWriter {
  /** Accesses written. */
  accesses = 0;
  private readonly out: (text: string) => unknown;
  private text = '';

  /** @param out Gets the text piece by piece, lines whole; such as `(text) => stream.write(text)`. */
  constructor(out: (text: string) => unknown) {
    this.out = out;
  }

  fetch(address: number, bytes = 1): void {
    this.line('2', address, bytes);
  }

  read(address: number, bytes = 1): void {
    this.line('0', address, bytes);
  }

  write(address: number, bytes = 1): void {
    this.line('1', address, bytes);
  }

  /** Passes on what is left. */
  end(): void {
    if (this.text !== '') this.out(this.text);
    this.text = '';
  }

  private line(label: string, address: number, bytes: number): void {
    this.text += `${label} ${address.toString(16)} ${bytes}\n`;
    this.accesses++;
    if (this.text.length >= CHUNK) this.end();
  }
}
