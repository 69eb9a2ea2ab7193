/** Says why data is not zstd. */
export class ZstdError extends Error {
  override readonly name = 'ZstdError';

  constructor(message = 'corruption detected', cause?: Error) {
    super(message, { cause });
  }
}
