// The program of a worker thread: reads the checkpoints whose paths it is sent, one after the other.
import { parentPort } from 'node:worker_threads';
import { readCheckpoint } from '@idspace/restore-planner';
import { messageOf, type Reply, type Request } from './read-message.ts';

const STEP = 0.02; // of the whole, between two messages of progress

const send = (reply: Reply): void => parentPort!.postMessage(reply);

parentPort!.on('message', async ({ path, tree }: Request) => {
  let told = 0;
  const onProgress = (done: number, total: number): void => {
    if (done / total < told + STEP) return;
    told = done / total;
    send({ progress: told });
  };
  try {
    send({ checkpoint: await readCheckpoint(path, { tree, onProgress }) });
  } catch (error) {
    send({ error: messageOf(error) });
  }
});
