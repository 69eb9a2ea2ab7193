// The words that a reader may not know, each explained one time. Terms in texts lead here.

/** What each word means, in one or two sentences. */
export const GLOSSARY = {
  CRIU: 'The tool that saves running Linux programs and starts them again: Checkpoint/Restore In Userspace.',
  checkpoint: 'A saved program: files from which it can be started again.',
  crit: 'A tool that comes with CRIU and writes its files as JSON.',
  dance: 'To create a timer and delete it, again and again, until the kernel gives the wanted ID.',
  INT_MAX: 'The largest timer ID there can be: 2,147,483,647, which is 2³¹ − 1.',
  hole: 'A free ID below one that is in use.',
  dense: 'Without large gaps: the kernel gives the lowest free ID.',
  'restore mode':
    'A switch that a process has since Linux 6.15. While it is on, a timer gets the ID that is asked for.',
  prctl: 'A system call that changes a setting of the process. Here it switches restore mode on and off.',
  timer_create: 'The system call that makes a timer. It returns the ID.',
  timer_delete: 'The system call that removes a timer.',
  timer_gettime: 'The system call that says how much time a timer has left. Here it stands for any lookup by ID.',
  setrlimit: 'The system call that sets a limit of the process. Here: how many timers there may be.',
  RLIMIT_SIGPENDING: 'A limit: how many signals may wait for the processes of a user. Each timer counts as one.',
  EINVAL:
    'The kernel’s error for an argument that is not valid. Here: there is no timer with this ID, or no such request.',
  EAGAIN: 'The kernel’s error for “not now”. Here: the limit of timers is reached, or no ID was found.',
  EBUSY: 'The kernel’s error for something in use. Here: another timer has the ID.',
  'cache line': 'What moves between memory and caches: 64 neighbouring bytes.',
  miss: 'An access to memory that a cache cannot serve, so that a slower one must.',
  L1d: 'The first cache for data: the smallest and fastest memory of a CPU.',
  L2: 'The second cache: larger and slower than the first.',
  LL: 'The last-level cache: the largest before main memory.',
  D1: 'The first cache for data, as cachegrind calls it.',
  I1: 'The first cache for instructions.',
  'I refs': 'Instructions that were fetched.',
  'D refs': 'Reads and writes of data.',
  'LLd misses': 'Reads and writes of data that even the last cache could not serve.',
  bucket: 'A place of a hash table. All timers that a formula sends to it form its chain.',
  hash_lock: 'The one lock of the whole timer table, until Linux 6.14.',
  'bucket locks': 'A lock for each bucket of the timer table, since Linux 6.15.',
  siglock: 'The lock of a process for its signals and its list of timers.',
  xa_lock: 'The lock of a tree.',
  idr_lock: 'The lock of the one tree of Linux 3.9.',
  it_lock: 'The lock of a single timer.',
  'best restorer': 'Not a program that exists: it uses the best way that a kernel offers. “native” in the JSON.',
  'IDs asked for': 'Objects that are created with a request for their ID.',
  'only in passing': 'Objects that are created to come to an ID, and deleted again.',
  'most at a time': 'The most timers that a process has at one time during the restore.',
  lackey: 'A tool of valgrind that prints every access to memory of a program.',
  din: 'A text form of memory traces: a number for the kind, and an address.',
  IdPool: 'A class of the package @idspace/next-id: a bitmap that gives the lowest free ID.',
  Ida: 'A class of the package @idspace/xarray: a tree of bitmaps, after the kernel’s own.',
} as const;

export type Word = keyof typeof GLOSSARY;

/** The words that texts are searched for: those that stand in sentences, but for CRIU, which stands in all. Longest first, as one may begin another. */
const SOUGHT: readonly string[] = Object.keys(GLOSSARY)
  .filter((word) => word !== 'CRIU' && /[A-Z_]|^(prctl|crit|dance|lackey|din|siglock|restore mode)$/.test(word))
  .sort((a, b) => b.length - a.length);
const SEEKER = new RegExp(`(?<![\\w@/.-])(?:${SOUGHT.join('|')})(?![\\w/-])`, 'g');

/** Cuts a text at the first occurrence of each word: texts and words in turn, beginning with a text. */
export function wordsIn(text: string): string[] {
  const seen = new Set<string>();
  const pieces: string[] = [];
  let at = 0;
  for (const { 0: word, index } of text.matchAll(SEEKER)) {
    if (seen.has(word)) continue;
    seen.add(word);
    pieces.push(text.slice(at, index), word);
    at = index + word.length;
  }
  return [...pieces, text.slice(at)];
}
