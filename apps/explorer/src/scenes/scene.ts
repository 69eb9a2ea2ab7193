// A scene: one idea, what the packages measure for it, and what is said of that. Plain data and functions; no page.
import type { Operation } from '../engine/operations.ts';
import type { Counter } from './counter.ts';
import type { Knob } from './knob.ts';

/** A piece of a sentence: text, a number that can be dragged, or a result that follows. */
export type Piece = string | { readonly knob: string } | { readonly result: string };

/** A sentence with numbers that can be dragged. */
export interface Sentence {
  readonly knobs: readonly Knob[];
  /** Tells the sentence for values by knob; counts again each time. Costs some milliseconds at most. */
  tell(values: Readonly<Record<string, number>>): readonly Piece[];
  /** Values worth a look. */
  readonly presets?: readonly { readonly text: string; readonly values: Readonly<Record<string, number>> }[];
}

/** A question to answer before the measurement is shown. */
export interface Guess {
  readonly question: string;
  /** Exactly one is right. */
  readonly choices: readonly { readonly text: string; readonly right: boolean }[];
}

/** Calls on a fresh process, made step by step. */
export interface Play {
  /** As for Kernel of posix-timers. */
  readonly release: string;
  readonly operations: readonly Operation[];
}

/** What is measured and what is said of it. */
interface Told<Figures> {
  guess?(figures: Figures): Guess;
  /** The measured answer, in one to three sentences. */
  answer(figures: Figures): string;
}

/** What a scene is made of. */
interface SceneRecord<Figures> extends SceneText, Told<Figures> {
  /** Counts what the answer says, with the packages. @param counter For what takes long. */
  measure(counter: Counter): Figures | Promise<Figures>;
}

interface SceneText {
  /** In links: `#scenes/long-life`. */
  readonly name: string;
  readonly title: string;
  /** One idea, for a reader who knows nothing of it. */
  readonly idea: string;
  /** What to look at. */
  readonly look: string;
  /** Which package counted, and at which rate a time is. */
  readonly from: string;
  readonly sentence?: Sentence;
  readonly play?: Play;
  /** Calls too many for a row of numbers: the timeline's pictures show what they come to. */
  readonly onTimeline?: Play;
  /** What can be tried besides: a component of its own. */
  readonly exhibit?: 'strides' | 'locks' | 'schedule' | 'again';
}

/** A scene, ready to be shown. */
export interface Scene extends SceneText {
  /** Measures; the second call gives the first one's result. */
  told(counter: Counter): Promise<{ guess: Guess | undefined; answer: string }>;
}

/** Makes a scene of a record, which is measured once. */
export function scene<Figures>({ measure, guess, answer, ...text }: SceneRecord<Figures>): Scene {
  let figures: Promise<Figures> | undefined;
  return {
    ...text,
    told: async (counter) => {
      figures ??= Promise.resolve(measure(counter));
      const found = await figures;
      return { guess: guess?.(found), answer: answer(found) };
    },
  };
}

/** Makes the pieces of a sentence: say`A service that makes ${drag('rate')} timers a second`; other values are results. */
export function say(texts: TemplateStringsArray, ...values: readonly (string | { readonly knob: string })[]): Piece[] {
  return texts
    .flatMap((text, i): Piece[] => [text, ...(i < values.length ? [pieceOf(values[i])] : [])])
    .filter((piece) => piece !== '');
}

function pieceOf(value: string | { readonly knob: string }): Piece {
  return typeof value === 'string' ? { result: value } : value;
}

/** A number that can be dragged, in `say`. */
export const drag = (knob: string): { readonly knob: string } => ({ knob });

/** The values that a sentence begins with. */
export function initialValues({ knobs }: Sentence): Record<string, number> {
  return Object.fromEntries(knobs.map(({ name, initial }) => [name, initial]));
}
