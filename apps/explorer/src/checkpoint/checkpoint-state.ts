// The state of the checkpoint view: what was given, what is asked, and what the worker has answered so far.

import type { PlanOptions } from '@idspace/restore-planner/plan';
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';
import { announce } from '../shell/announce.tsx';
import type { Files } from '../shell/dropped-files.ts';
import { type Route, rewrite, route } from '../shell/route.ts';
import { Thread } from '../worker/thread.ts';
import type { checkpointCalls, Found, ReadProgress } from './checkpoint-calls.ts';
import { ENDINGS, kernelLabel, pageWords, restorerName, verdictText } from './sentences.ts';
import type { CheckpointSummary, MatrixCell, PlanSummary } from './summary.ts';
import { formOf, type ReadForm, readForm, type TargetForm, targetIn } from './target-form.ts';

type CheckpointCalls = ReturnType<typeof checkpointCalls>;

/** Characters of a kernel or a CRIU in a link. */
const MOST_OF_NAME = 40;

export class CheckpointState {
  /** Paths of the checkpoints in what was given. */
  readonly found: Signal<Found> = signal<Found>({ paths: [], isCut: false });
  readonly path: Signal<string> = signal('');
  /** Present while it is read. */
  readonly progress: Signal<ReadProgress | undefined> = signal<ReadProgress | undefined>(undefined);
  readonly checkpoint: Signal<CheckpointSummary | undefined> = signal<CheckpointSummary | undefined>(undefined);
  readonly error: Signal<string> = signal('');
  readonly kernel: Signal<string> = signal('6.18');
  readonly criu: Signal<string> = signal('4.2');
  readonly form: Signal<TargetForm> = signal<TargetForm>({});
  /** Where the form's contents are from: the name of a file. */
  readonly formSource: Signal<string> = signal('');
  readonly target: ReadonlySignal<ReadForm> = computed(() => readForm(this.form.value));
  readonly plan: Signal<PlanSummary | undefined> = signal<PlanSummary | undefined>(undefined);
  /** Why there is no plan: a kernel or CRIU that is not known. */
  readonly planError: Signal<string> = signal('');
  readonly matrix: Signal<readonly MatrixCell[] | undefined> = signal<readonly MatrixCell[] | undefined>(undefined);
  readonly options: ReadonlySignal<PlanOptions> = computed(() => {
    const { target } = this.target.value;
    const versions = { kernel: plain(this.kernel.value), criu: plain(this.criu.value) };
    return { ...versions, ...(target !== undefined && { target }) };
  });
  private readonly thread = new Thread<CheckpointCalls>();
  private files: Files = new Map();
  private asked = 0;

  constructor() {
    effect(() => this.follow(route.value));
    effect(() => {
      const link = linkOf(this.kernel.value, this.criu.value);
      untracked(() => {
        if (route.value.view === 'checkpoint') rewrite('checkpoint', link);
      });
    });
    effect(() => {
      if (this.checkpoint.value === undefined) return;
      const options = this.options.value;
      untracked(() => void this.replan(options));
    });
  }

  /** Takes files: checkpoints, or what is known of a target. */
  readonly take = async (files: Files): Promise<void> => {
    const target = await targetIn(files);
    if (target !== undefined) return this.load(target);
    this.thread.stop();
    this.forget();
    this.files = files;
    this.progress.value = { done: 0, total: 0 };
    await this.guarded(async () => {
      this.found.value = await this.thread.ask('findCheckpoints', { files });
      await this.open(this.found.value.paths[0] ?? '');
    });
  };

  /** Reads one of those that were found. */
  readonly choose = async (path: string): Promise<void> => {
    this.thread.stop();
    await this.guarded(() => this.open(path));
  };

  /** Stops reading. */
  readonly stop = (): void => {
    this.thread.stop();
    this.progress.value = undefined;
    announce('Stopped.');
  };

  /** Shows why something that was given cannot be used. */
  readonly fail = (error: unknown): void => {
    this.forget(); // what was read before would stand below what is said of this
    this.progress.value = undefined;
    this.say(error);
  };

  private say(error: unknown): void {
    this.error.value = error instanceof Error ? error.message : String(error);
    announce(`Not read: ${this.error.value}`);
  }

  /** Fills the form from a target's file. */
  readonly load = ({ text, name }: { text: string; name: string }): void => {
    try {
      const { form, kernel, criu } = formOf(text, name);
      this.error.value = '';
      this.form.value = form;
      this.formSource.value = name;
      if (kernel !== undefined) this.kernel.value = kernel;
      if (criu !== undefined) this.criu.value = criu;
      announce(`Took what ${name} knows of a machine.`);
    } catch (error) {
      this.say(error);
    }
  };

  readonly clearForm = (): void => {
    this.form.value = {};
    this.formSource.value = '';
  };

  /** The plan as `idspace plan --json` writes it. */
  json(): Promise<string> {
    return this.thread.ask('planJson', this.options.value);
  }

  /** Takes kernel and CRIU from a link, or writes them into the URL of a view that has none. */
  private follow({ view, state }: Route): void {
    if (view !== 'checkpoint') return;
    const [kernel, criu] = versionsOf(state);
    untracked(() => {
      if (kernel !== undefined) this.kernel.value = kernel;
      if (criu !== undefined) this.criu.value = criu;
      rewrite('checkpoint', linkOf(this.kernel.value, this.criu.value));
    });
  }

  private forget(): void {
    this.found.value = { paths: [], isCut: false };
    this.checkpoint.value = undefined;
    this.plan.value = undefined;
    this.matrix.value = undefined;
    this.error.value = '';
    this.planError.value = '';
  }

  private async open(path: string): Promise<void> {
    const { files, found } = this;
    const paths = found.value;
    this.forget();
    found.value = paths;
    this.path.value = path;
    this.progress.value = { done: 0, total: 0 };
    const onProgress = (progress: ReadProgress): void => {
      this.progress.value = progress;
    };
    const checkpoint = await this.thread.ask('readCheckpoint', { files, path }, onProgress);
    this.progress.value = undefined;
    this.checkpoint.value = checkpoint;
  }

  /** Shows what goes wrong; what was stopped was stopped on purpose. */
  private async guarded(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if ((error as { code?: string }).code !== 'stopped') this.fail(error);
    }
  }

  /** Asks for the plan, then for the matrix; an answer that comes after the next question is not shown. */
  private async replan(options: PlanOptions): Promise<void> {
    const number = ++this.asked;
    const isLatest = (): boolean => number === this.asked;
    try {
      const plan = await this.thread.ask('plan', options);
      if (!isLatest()) return;
      this.plan.value = plan;
      this.planError.value = '';
      announce(`${restorerName(plan.criu)} on ${kernelLabel(plan.kernel)}: ${pageWords(spoken(plan))}`);
      const matrix = await this.thread.ask('matrix', options);
      if (isLatest() && matrix !== undefined) this.matrix.value = matrix;
    } catch (error) {
      if (!isLatest() || (error as { code?: string }).code === 'stopped') return;
      this.planError.value = (error as Error).message;
      announce(this.planError.value);
    }
  }
}

const linkOf = (kernel: string, criu: string): string => `${encodeURIComponent(kernel)}~${encodeURIComponent(criu)}`;

/** Reads kernel and CRIU of a link; what is damaged is left out. */
function versionsOf(link: string): (string | undefined)[] {
  return link.split('~').map((part) => {
    try {
      return decodeURIComponent(part).slice(0, MOST_OF_NAME) || undefined;
    } catch {
      return undefined;
    }
  });
}

function spoken(plan: PlanSummary): string {
  return plan.decisive === undefined ? verdictText(plan).head : `${ENDINGS[plan.outcome].head}: ${plan.decisive.text}.`;
}

/** ' v6.1' → '6.1' */
function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '');
}
