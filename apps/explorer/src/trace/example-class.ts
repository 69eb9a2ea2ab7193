/** A class to begin with: the lowest free ID of a bitmap, found from the start each time. */
export const EXAMPLE_CLASS = `class Bitmap {
  words = new Int32Array(4);

  allocate() {
    let at = 0;
    while (this.words[at] === -1) at++;
    if (at === this.words.length) {
      const grown = new Int32Array(at * 2);
      grown.set(this.words);
      this.words = grown;
    }
    const bit = 31 - Math.clz32(~this.words[at] & -~this.words[at]);
    this.words[at] |= 1 << bit;
    return at * 32 + bit;
  }

  free(id) {
    this.words[id >> 5] &= ~(1 << (id & 31));
  }
}
`;
