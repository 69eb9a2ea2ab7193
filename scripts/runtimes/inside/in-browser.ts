// Reports to the server that the page came from.
import { runFiles } from './run.ts';

const send = fetch.bind(globalThis);
const post = (body: string): Promise<unknown> => send('/report', { method: 'POST', body });

/** Runs the files in a page or in a worker of it. */
export async function main(files: Record<string, () => Promise<unknown>>): Promise<void> {
  if (!(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated)
    throw new Error('the page is not isolated');
  await runFiles(files, async (outcome) => void (await post(JSON.stringify(outcome))));
  await post('end');
}
