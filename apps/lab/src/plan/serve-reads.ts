// What a worker thread does that reads checkpoints: it answers each path with the checkpoint, or with what is made of it.
import { parentPort } from 'node:worker_threads';
import { type Checkpoint, readCheckpoint } from '@idspace/restore-planner';
import { messageOf, type Reply, type Request } from './read-message.ts';

const STEP = 0.02; // of the whole, between two messages of progress

/** Serves the thread that started this one. @param take What is made of a checkpoint; the result is cloned. */
export function serveReads<Result>(take: (checkpoint: Checkpoint) => Result): void {
  const send = (reply: Reply<Result>): void => parentPort!.postMessage(reply);
  parentPort!.on('message', async ({ path, tree }: Request) => {
    let told = 0;
    const onProgress = (done: number, total: number): void => {
      if (done / total < told + STEP) return;
      told = done / total;
      send({ progress: told });
    };
    try {
      send({ result: take(await readCheckpoint(path, { tree, onProgress })) });
    } catch (error) {
      send({ error: messageOf(error) });
    }
  });
}
