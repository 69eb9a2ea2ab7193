// Reports in the body of a response, a line each.
import { runFiles } from './run.ts';

/** Makes what workerd calls for each request: one runs all files. */
export function handler(files: Record<string, () => Promise<unknown>>): object {
  return {
    fetch: () => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const encoder = new TextEncoder();
      const write = (line: string): Promise<void> => writer.write(encoder.encode(`${line}\n`));
      void runFiles(files, (outcome) => write(JSON.stringify(outcome)))
        .catch((error) =>
          write(JSON.stringify({ file: '', test: '(the runner)', state: 'failed', why: String(error) })),
        )
        .then(() => write('end'))
        .finally(() => writer.close());
      return new Response(readable);
    },
  };
}
