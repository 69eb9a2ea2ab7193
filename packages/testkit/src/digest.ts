// A number for all answers of a run: a second run of the same seed has the same one, and one other answer changes it.

/** Mixes what it is given into 64 bits. */
export class Digest {
  private low = 0x811c9dc5;
  private high = 0x9e3779b9;

  /** Takes a number, a text, or what is made of them. */
  add(value: unknown): void {
    if (typeof value === 'number') {
      this.word(value | 0);
      this.word((value / 2 ** 32) | 0);
    } else if (Array.isArray(value)) {
      this.word(value.length);
      for (const item of value) this.add(item);
    } else {
      const text = String(value);
      for (let at = 0; at < text.length; at++) this.word(text.charCodeAt(at));
    }
  }

  private word(word: number): void {
    this.low = Math.imul(this.low ^ word, 0x01000193);
    this.high = Math.imul(this.high ^ (this.low >>> 15) ^ word, 0x85ebca6b);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return [this.high, this.low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
