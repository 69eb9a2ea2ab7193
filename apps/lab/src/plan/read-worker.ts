// The program of a worker thread: reads the checkpoints whose paths it is sent, one after the other.
import { serveReads } from './serve-reads.ts';

serveReads((checkpoint) => checkpoint);
