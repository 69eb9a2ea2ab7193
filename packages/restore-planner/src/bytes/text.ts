// Bytes and text, by what browsers and Node.js have in common.

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const MOST_ARGUMENTS = 8192; // of one call

/** Reads UTF-8; what is none becomes U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  return UTF_8.decode(bytes);
}

/** Makes a character of each byte, as ISO 8859-1 does. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += MOST_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + MOST_ARGUMENTS));
  }
  return text;
}

/** Puts pieces together. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
