// The help of `idspace profile`.

export const PROFILE_HELP = `
Examples:
  idspace profile sum.js                         where does it miss?
  idspace profile sum.js --preset ice-lake-sp    on another CPU
  idspace profile sum.js --annotate              with the source around it
  idspace profile sum.js --only src/             without libraries
  idspace profile sum.js --speedscope sum.json   drop sum.json on speedscope.app
  idspace profile sum.js -- --size 1000          --size is the program's

What the output means, in cachegrind's words:
  Dr, Dw       reads and writes of elements of typed arrays and DataViews
  D1mr, D1mw   those that were not in the first-level data cache
  DLmr, DLmw   those that were in no cache: memory served them
  step         bytes from one access to the next, of the place in the line that
               misses most, where nearly all are as far apart. A step of a cache
               line (64) or more misses each time once the data is larger than
               the cache
  misses in it where in the array the D1 misses are, from its first to its last
               element
  coherence misses
               misses on cache lines that another thread's write had taken away
  invalidations
               copies of cache lines that writes took from other threads

Threads: each worker thread has a core, and the threads make one access each in
turn, from the access on at which a thread was made. That is an order, and not
the one that was: locks are seen as the accesses that they make. Caches begin
empty when the first worker is made. Of one that is ended from outside, what it
did since it last posted a message is not counted. Shared arrays are known by
their memory. At most 33,554,432 accesses of threads are kept, in a file.

What is counted: code that is loaded from files, with closures, private fields
and libraries. Not counted: ordinary arrays and objects, methods of Buffer,
child processes, code made with eval, the new array that map or slice fills, and
what built-in functions do with an array that they are given
(String.fromCharCode.apply). Every buffer lies in pages of its own.

Ctrl-C ends the program and prints its profile so far; a second one ends it
without.

JSON: { script, arguments, exitCode, caches, node, accesses, totals, lines,
arrays, unseen, threads, sharedLines, isCut }; lines and arrays have the counts
above, most D1 misses first. A line's walk is { array, step, accesses, misses } of the place in it that
misses most, or null. An array's bytes are those of the largest of its name, and
places the D1 misses in 64 parts of that one. sharedLines are the cache lines
that threads take from each other, with the places that do. unseen is how many
places in the source access elements and are not counted. isCut says whether
threads made more accesses than are kept.

Exit codes: 0 there is a profile, however the program ended · 2 misuse
· 3 the program cannot be read, or it left no profile.`;
