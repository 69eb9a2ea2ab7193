// What `idspace sweep --help` teaches beside the flags.

export const SWEEP_HELP = `
Examples:
  idspace sweep                   384 cells: every design at sizes that matter
  idspace sweep --timers 1k,20k --processes 1,8 --designs hash-512,xarray
  idspace sweep --out sweep.json  keeps each cell as soon as it is done, …
  idspace sweep --out sweep.json --resume
      … and after Ctrl-C, a crash or kill -9 goes on
  idspace sweep --shard 2/4 --out shard-2.json
      the second of four parts, on this machine
  idspace merge shard-*.json --out sweep.json
      all parts: the same bytes as one run of the whole

On a Slurm cluster an array gives each task its part (SLURM_ARRAY_TASK_ID,
_COUNT, _MIN, _STEP) and its CPUs:
  #!/bin/sh
  #SBATCH --array=1-16 --requeue --cpus-per-task=4
  idspace sweep --timers 1k,100k --resume --out part-$SLURM_ARRAY_TASK_ID.json
A task that is killed and queued again goes on where it was. Then, where the
files are:
  sbatch --wait sweep.sbatch && idspace merge part-*.json --out sweep.json
To run one task again alone, add its part, because its array no longer gives it:
--shard 3/16.

A Kubernetes indexed Job gives the part (JOB_COMPLETION_INDEX), but not how many
there are: use --shards for that.
  apiVersion: batch/v1
  kind: Job
  metadata: { name: sweep }
  spec:
    completionMode: Indexed
    completions: 16
    parallelism: 16
    template:
      spec:
        restartPolicy: OnFailure
        containers:
          - name: sweep
            image: REGISTRY/idspace      # yours: Node.js and this app
            command: [sh, -c]
            args: ["idspace sweep --shards 16 --resume --out
              /out/shard-$JOB_COMPLETION_INDEX.json"]
            volumeMounts: [{ name: out, mountPath: /out }]
        volumes: [{ name: out, persistentVolumeClaim: { claimName: sweep } }]

What the output means: a table of the designs over all cells, then what the time
of a lookup and the bytes of a timer depend on. Below each table is how to read
it. Counts are exact means over the operations that are recorded; a larger
--sample records more of large cells. ns are time on a CPU by the machine model,
not a measurement; two times less than 10 % apart are a tie. A cell depends on
its own flags alone: jobs, shards, interruptions and machines change no byte of
the result. A journal or result of another sweep, or of another version of
idspace, is refused.

The result, and --json: { idspace,
  grid: { timers, processes, strides, designs, cpus, machines, orders where
    --order was given, seed, sample },
  gridCells, shard: "I/N" or null, cells: [{ cell, timers, processes, stride,
    machine, cpus, design, recorded,
    restore, lookup (in creation order), lookupRandom, delete: { refs,
      linesTouched, d1Misses, llMisses,
      lockAcquisitions, nsPerOp } or null where all recorded IDs were refused,
    refused: IDs that were not free, highestId, bytesPerTimer, memory: { timer,
      table, fixed } in bytes,
    danceSeconds, byIdSeconds: to get all timers back by creating and deleting,
      and by asking for IDs }] }
with a cell on each line.

Exit codes: 0 evaluated · 2 misuse · 3 a file cannot be used or is another
sweep's, or a cell failed. Ctrl-C and SIGTERM end it by that signal (130 and 143
in a shell).`;
