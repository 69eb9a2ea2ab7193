// What `idspace simulate --help` says after the flags.

export const SIMULATE_HELP = `
Examples:
  valgrind --tool=lackey --trace-mem=yes --log-file=ls.trace ls
  idspace simulate ls.trace  32 KiB first-level caches and 8 MiB behind them
  idspace simulate ls.trace --d1 49152,12,64 --l2 1310720,20,64
  idspace simulate ls.trace --preset zen-4
      three levels and TLBs of a real CPU
  idspace simulate ls.trace --classify --curve
      why it misses, and which size would help
  idspace simulate ls.trace --skip 100000 --warm-up 50000
      without the program's start, in warm caches
  idspace simulate a.trace b.trace --cores 2
      two programs, each on a core, one access each in turn
  idspace simulate --trace a.din.gz --format din --region t=0x10000+65536
  valgrind --tool=lackey --trace-mem=yes --log-fd=9 ls 9>&1 >/dev/null |
    idspace simulate -

What the output means:
  refs         accesses, each counted once, even if it lies on two lines
  D1 misses    not in the first-level data cache: served by the next level or by
               memory
  LLd misses   not in the last level either: served by memory
  rd + wr      reads and writes; a modify counts as one read, as in cachegrind
  LL miss rate over all refs, not only those that reached the last level

  compulsory   the line was never used before: no cache would have had it
  capacity     a cache of this size without sets would have missed too: only a
               larger one helps
  conflict     the others: more ways, or another layout, would help
  walks        accesses whose page was in no TLB
  curve        misses of one fully associative LRU cache for the data alone, at
               sizes that double; as a share of uses of lines: an access on two
               lines uses two
  traffic      lines brought in, lines written back, bytes from and to the next
               level
  pycachesim   with --compat pycachesim, of every level: LOAD = reads + write
               misses, STORE = writes, HIT = reads - read misses, MISS = read
               misses + write misses; each line of an access counts
  transfers    lines that came from another core, which had modified them
  upgrades     writes that made other cores give up their copies
  sharing      misses on lines that another core had taken by a write: true if
               the core uses what was written

Traces, detected by their lines, plain or in gzip or (from Node 22.15 on) zstd;
- is standard input:
  lackey       "I  04001090,3", " L 1ffe,8"   valgrind --tool=lackey
               --trace-mem=yes
  din          "r 1fc0 8"                     a label (0 r read, 1 w write, 2 i
               fetch), a hexadecimal address and, if not 4, a size, 1 to 4096
  dinero3      "2 430d70 27bdffe0"            Dinero III's, with the
               instruction; every access has 4 bytes
  pinatrace    "0x7f8c: R 0x7f8d"             Pin's example tool; 1 byte where
               the line has no size
  drmemtrace   "8 1: 77 read 4 byte(s) @ 0x7f" DynamoRIO's view tool; threads go
               to the cores in turn
  memtrace     "0x7ffe:  8, w"                DynamoRIO's sample clients
  gem5         "r,4096,64,1000"               gem5's util/decode_packet_trace.py
A trace with a line of another form is refused; the message has the line's
number, and no counts are printed.

Ctrl-C ends the trace there and prints the counts so far. A second Ctrl-C ends
the program.

JSON: { Ir, I1mr, ILmr, Dr, D1mr, DLmr, Dw, D1mw, DLmw, … } with rates,
geometry, trace, format, accesses, lines and notes; also levels, tlb, coherence,
usage, regions, curve [{ size, missRatio }] where they were asked for; cut and
leftOut where the trace has such lines.

Exit codes: 0 simulated · 2 misuse, such as an impossible cache · 3 the trace
cannot be read.`;
