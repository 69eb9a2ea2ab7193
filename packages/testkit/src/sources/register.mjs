// Lets Node.js run the sources: `node --import …/register.mjs some.ts`, in a thread as in a process.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
