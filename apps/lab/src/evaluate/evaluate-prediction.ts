// idspace evaluate --workload gleixner-2025: the published table, predicted.

import { hardwareNamed, hardwareSummary } from '@idspace/evaluation';
import type { ExitCode } from '../cli/failure.ts';
import { type Page, writeTo } from '../cli/page-to-write.ts';
import { withProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { jsonText } from '../format/json-text.ts';
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
  const { judgedTimes, missesOf, PUBLISHED_CPUS, predict, ratiosOf } = await import('@idspace/evaluation');
  const machine = hardwareNamed(name);
  const rows = await withProgress(terminal, 'predicting', (update) =>
    predict({ machine: name, seed, onProgress: ({ design, done, total }) => update(done / total, design) }),
  );
  if (json === true) {
    const answer = {
      workload: { name: 'gleixner-2025', seed },
      machine: hardwareSummary(machine, PUBLISHED_CPUS, Math.max(...rows.map(({ threads }) => threads))),
      rows: rows.map(({ cells, ...row }) => ({ ...row, cells: cells.map(({ byMachine: _, ...cell }) => cell) })),
      ratios: rows.flatMap(ratiosOf),
      misses: rows.flatMap(missesOf),
      judged: judgedTimes(rows),
    };
    terminal.out.write(jsonText(answer));
  } else {
    const exhibits = predictionExhibits(rows, machine);
    terminal.out.write(exhibits.map((exhibit) => exhibitText(exhibit, terminal)).join('\n'));
  }
  if (report !== undefined) {
    const { renderPrediction } = await import('./prediction-report.ts');
    await writeTo(report, renderPrediction(rows, machine, report.command), terminal);
  }
  return 0;
}
