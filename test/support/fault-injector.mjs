// Loaded into a process before its program (NODE_OPTIONS): lets its n-th call of the file system fail, or ends the process there.
// The environment says which: FAULT_FOLDER, below which files count (standard output counts, too); FAULT_DEPTH, 0 for the program itself, 1 for one
// that it starts; FAULT_AT, n, from 0; FAULT_KIND, a code such as EIO, a signal, `half` (ends when the call is half done), or `later` (the clock jumps);
// FAULT_LOG, where the calls are written down.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { FAULT_FOLDER: folder, FAULT_DEPTH: depth, FAULT_KIND: kind, FAULT_LOG: log, FAULT_AT: place } = process.env;
const DAY_MS = 86_400_000;
const { appendFileSync, writeSync } = fs;
const open = new Set([1]);
let count = 0;
let inside = 0;
let isFull = false;

/** Of these a full disk refuses all that come after. */
const FILLING = new Set(['writeSync', 'writeFileSync', 'mkdirSync', 'mkdtempSync']);

function isOurs(first) {
  if (typeof first === 'number') return open.has(first);
  return typeof first === 'string' && first.startsWith(folder);
}

function failure(code, name, first) {
  return Object.assign(new Error(`${code}: injected, ${name} '${first}'`), {
    code,
    syscall: name,
    path: String(first),
  });
}

/** Does what is to happen before a call. @returns The error that it ends with, if it does. */
function before(name, [first, second], half) {
  const at = count++;
  if (log !== undefined) {
    inside++; // it calls writeFileSync, which is none of the program's calls
    appendFileSync(log, `${name}\n`);
    inside--;
  }
  if (isFull && FILLING.has(name)) return failure(kind, name, first);
  if (at !== Number(place)) return undefined;
  if (kind === 'half') {
    half(second);
    process.kill(process.pid, 'SIGKILL');
  }
  if (kind.startsWith('SIG')) {
    process.kill(process.pid, kind);
    return undefined;
  }
  if (kind === 'ENOSPC') {
    isFull = true;
    if (FILLING.has(name)) half(second);
  }
  return failure(kind, name, first);
}

/** What a write leaves behind that is cut: the first half of its bytes. */
function halfWrite(target, bytes) {
  const whole = Buffer.from(bytes);
  const file = typeof target === 'number' ? target : fs.openSync(target, 'w');
  writeSync(file, whole, 0, whole.length >> 1);
}

const WRITES = ['writeSync', 'writeFileSync'];
const SYNCHRONOUS = [
  ...WRITES,
  ...[
    'openSync',
    'closeSync',
    'fsyncSync',
    'fchmodSync',
    'fchownSync',
    'truncateSync',
    'renameSync',
    'rmSync',
    'mkdirSync',
    'rmdirSync',
  ],
  ...['mkdtempSync', 'accessSync', 'readSync', 'readFileSync', 'readdirSync', 'realpathSync'],
];

function replace(object, name, by) {
  const original = object[name];
  object[name] = Object.assign(by(original), original); // realpathSync.native and the like stay
}

function replaceSynchronous(name) {
  replace(
    fs,
    name,
    (original) =>
      function (...args) {
        if (inside > 0 || !isOurs(args[0])) return original.apply(this, args);
        inside++;
        try {
          const error = before(name, args, (bytes) => {
            if (WRITES.includes(name)) halfWrite(args[0], bytes);
            else original.apply(this, args);
          });
          if (error !== undefined) throw error;
          const result = original.apply(this, args);
          if (name === 'openSync') open.add(result);
          if (name === 'closeSync') open.delete(args[0]);
          return result;
        } finally {
          inside--;
        }
      },
  );
}

function replaceCallback(name) {
  replace(
    fs,
    name,
    (original) =>
      function (...args) {
        const done = args.at(-1);
        if (!isOurs(args[0])) return original.apply(this, args);
        const error = before(name, args, () => {});
        if (error !== undefined) return void process.nextTick(done, error);
        return original.call(this, ...args.slice(0, -1), (failed, result, ...rest) => {
          if (name === 'open' && !failed) open.add(result);
          if (name === 'close') open.delete(args[0]);
          done(failed, result, ...rest);
        });
      },
  );
}

function replacePromise(object, name, isCounted) {
  replace(
    object,
    name,
    (original) =>
      async function (...args) {
        if (!isCounted(args[0])) return original.apply(this, args);
        const error = before(name, args, () => {});
        if (error !== undefined) throw error;
        const result = await original.apply(this, args);
        if (name === 'open') for (const call of ['read', 'stat']) replacePromise(result, call, () => true);
        return result;
      },
  );
}

if (isMainThread && folder !== undefined) {
  process.env.FAULT_DEPTH = String(Number(depth) - 1); // for what the program starts
  if (kind === 'later') {
    const { now } = Date;
    let calls = 0;
    Date.now = () => now() + (calls++ % 2 === 0 ? DAY_MS : -DAY_MS);
  } else if (depth === '0') {
    for (const name of SYNCHRONOUS) replaceSynchronous(name);
    for (const name of ['open', 'read', 'close']) replaceCallback(name);
    for (const name of ['open', 'stat', 'readdir', 'opendir', 'readFile']) replacePromise(fs.promises, name, isOurs);
    syncBuiltinESMExports();
  }
}
