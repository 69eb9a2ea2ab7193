// idspace evaluate --workload gleixner-2025: the published table, predicted.

import { hardwareNamed, hardwareSummary } from '@idspace/evaluation';
import type { ExitCode } from '../cli/failure.ts';
import { type Page, writeTo } from '../cli/page-to-write.ts';
import { startProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { predictionExhibits } from './prediction-exhibit.ts';

/** What it takes; `report` is where the page goes. */
export interface PredictionFlags {
  machine: string;
  seed: number;
  json?: boolean;
  report?: Page;
}

/** Runs the prediction and prints it. */
export async function evaluatePrediction(
  { machine: name, seed, json, report }: PredictionFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { predict, PUBLISHED_CPUS } = await import('@idspace/evaluation');
  const { judgedTimes, missesOf, ratiosOf } = await import('@idspace/evaluation');
  const machine = hardwareNamed(name);
  const progress = startProgress(terminal, 'predicting');
  try {
    const rows = predict({
      machine: name,
      seed,
      onProgress: ({ design, done, of }) => progress.update(done / of, design),
    });
    progress.stop();
    if (json === true) {
      const answer = {
        workload: { name: 'gleixner-2025', seed },
        machine: hardwareSummary(machine, PUBLISHED_CPUS, Math.max(...rows.map(({ threads }) => threads))),
        rows: rows.map(({ cells, ...row }) => ({ ...row, cells: cells.map(({ byMachine: _, ...cell }) => cell) })),
        ratios: rows.flatMap(ratiosOf),
        misses: rows.flatMap(missesOf),
        judged: judgedTimes(rows),
      };
      terminal.out.write(`${JSON.stringify(answer, null, 2)}\n`);
    } else {
      terminal.out.write(
        predictionExhibits(rows, machine)
          .map((exhibit) => exhibitText(exhibit, terminal))
          .join('\n'),
      );
    }
    if (report !== undefined) {
      const { renderPrediction } = await import('./prediction-report.ts');
      await writeTo(report, renderPrediction(rows, machine, report.command), terminal);
    }
  } finally {
    progress.stop();
  }
  return 0;
}
