// Lets Node.js run the sources in this thread; `--import tsx` does so in the main thread alone.
import { register } from 'tsx/esm/api';

register();
