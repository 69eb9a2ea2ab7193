// One lane: how it works, how far it is, its counters and its clocks.
import type { JSX } from 'preact';
import { count, duration } from '../shell/number.ts';
import { Explained } from '../shell/term.tsx';
import type { LaneRun } from './lane-run.ts';
import { kernelSentence, laneSentence, leftSentence } from './lane-words.ts';
import type { Race } from './race.ts';

/** A shape for each lane beside its colour. */
const SHAPES: Readonly<Record<LaneRun['lane']['name'], string>> = { dance: '◆', fill: '■', cursor: '▲', ask: '●' };

/** What stands before the sentence on its end. */
const MARKS = { restored: '✓', limit: '✗', hangs: '∞', fails: '✗', differs: '✗' } as const;

export function LanePanel({ run, race }: { run: LaneRun; race: Race }): JSX.Element {
  const { lane, plan, end } = run;
  const left = leftSentence(run, race.seconds);
  return (
    <section class={`lane panel ${lane.name}`} data-end={end ?? 'running'} aria-label={lane.title}>
      <h2>
        <span aria-hidden="true">{SHAPES[lane.name]}</span> {lane.title}
      </h2>
      <p class="how">
        <Explained text={lane.how} />
      </p>
      <p class="where">
        <Explained text={lane.where} />
      </p>
      <progress max={1} value={run.share} aria-label={`${lane.title}: share of its calls made`} />
      <dl>
        <Row name="Creates" value={count(run.creates)} of={plan.outcome === 'hangs' ? '∞' : count(plan.creates)} />
        <Row name="Deletes" value={count(run.deletes)} of={plan.outcome === 'hangs' ? '∞' : count(plan.deletes)} />
        <Row name={lane.name === 'cursor' ? 'Settings' : 'Other calls'} value={count(run.others)} />
        <Row name="Timers alive" value={count(run.alive)} />
        <Row name="The kernel, so far" value={duration(run.kernelSeconds)} />
        <Row name="The kernel, in all" value={kernelSentence(run)} />
        {left !== undefined && <Row name="This page, left" value={left} />}
      </dl>
      <p class="end">
        {end !== null && <span aria-hidden="true">{MARKS[end]} </span>}
        {laneSentence(run, race.limit)}
      </p>
    </section>
  );
}

function Row({ name, value, of }: { name: string; value: string; of?: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {of !== undefined && <span class="of">{` of ${of}`}</span>}
      </dd>
    </div>
  );
}
