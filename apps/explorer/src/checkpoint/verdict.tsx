// How a restore ends, why, what to do, and what it takes.
import { type Reason, SPACE_TITLES } from '@idspace/restore-planner/plan';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { count, duration } from '../shell/number.ts';
import { Scroll } from '../shell/scroll.tsx';
import { Explained, Named } from '../shell/term.tsx';
import type { CheckpointState } from './checkpoint-state.ts';
import {
  ENDINGS,
  idsText,
  kernelLabel,
  pageWords,
  remedyHead,
  restorerName,
  sentence,
  verdictText,
  WAYS,
} from './sentences.ts';
import type { Cost, Listed, PlanSummary, ProcessRow, WarningRow } from './summary.ts';

export function Verdict({ state }: { state: CheckpointState }): JSX.Element {
  const plan = state.plan.value;
  return (
    <>
      {state.planError.value !== '' && (
        <p class="error" role="alert">
          {state.planError}
        </p>
      )}
      {plan === undefined ? <p class="note">Planning …</p> : <Plan plan={plan} state={state} />}
    </>
  );
}

function Plan({ plan, state }: { plan: PlanSummary; state: CheckpointState }): JSX.Element {
  const { outcome, decisive, kernel, criu } = plan;
  const { head, rest } = verdictText(plan);
  const others = plan.reasons.shown.filter((reason) => !isSame(reason, decisive));
  return (
    <>
      <section class={`verdict panel ${outcome}`} aria-label="Verdict">
        <p class="where">{sentence(`${restorerName(criu)} on ${kernelLabel(kernel)}`).slice(0, -1)}</p>
        <p class="ending">
          <span aria-hidden="true">{ENDINGS[outcome].sign}</span> {head}
        </p>
        {rest !== '' && <p>{rest}</p>}
        {decisive !== undefined && <Why reason={decisive} criu={criu} />}
      </section>
      <Spaces plan={plan} />
      <Left plan={plan} />
      <More title="Also" list={{ shown: others, more: plan.reasons.more }} isOpen={outcome !== 'ok'}>
        {(reason: Reason) => <Why reason={reason} criu={criu} />}
      </More>
      <More title="Warnings" list={plan.warnings}>
        {(warning: WarningRow) => <Warning warning={warning} />}
      </More>
      <Processes list={plan.processes} />
      <Json state={state} />
    </>
  );
}

function isSame(a: Reason, b: Reason | undefined): boolean {
  return b !== undefined && a.code === b.code && a.text === b.text && a.container === b.container;
}

function Why({ reason, criu }: { reason: Reason; criu: string }): JSX.Element {
  const { text, words, remedy, container } = reason;
  return (
    <>
      <p>
        <Explained text={sentence(container === undefined ? pageWords(text) : `in ${container}, ${pageWords(text)}`)} />
      </p>
      {words !== null && (
        <p>
          {criu === 'native' ? 'It prints:' : 'CRIU prints:'} <code>{words}</code>
        </p>
      )}
      <p class="remedy">
        <b>{remedyHead(reason)}:</b> <Explained text={sentence(pageWords(remedy))} />
      </p>
    </>
  );
}

function Spaces({ plan }: { plan: PlanSummary }): JSX.Element | null {
  const { spaces, unread, cost, outcome } = plan;
  const judged = spaces.filter(({ space }) => !unread.includes(space));
  if (judged.length === 0) return null;
  return (
    <Table
      caption="What each kind of IDs takes"
      heads={['IDs of', 'Outcome', 'IDs asked for', 'Creates', 'only in passing', 'Time']}
      rows={[
        ...judged.map((one) => [
          SPACE_TITLES[one.space],
          <Outcome key="o" outcome={one.outcome} />,
          ...costCells(one, one.outcome),
        ]),
        ...(judged.length > 1 ? [['together', '', ...costCells(cost, outcome)]] : []),
      ]}
    />
  );
}

function costCells({ asks, creates, deletes, seconds, atMost }: Cost, outcome: string): string[] {
  const most = atMost ? '≤ ' : '';
  return [
    count(asks),
    `${most}${count(creates)}`,
    count(deletes),
    outcome === 'hangs' ? '∞' : `${most}${duration(seconds)}`,
  ];
}

/** An outcome in a table: the sign beside the colour. */
export function Outcome({ outcome }: { outcome: PlanSummary['outcome'] }): JSX.Element {
  return (
    <span class={`outcome ${outcome}`}>
      <span aria-hidden="true">{ENDINGS[outcome].sign}</span> {ENDINGS[outcome].word}
    </span>
  );
}

/** What is different after a restore that succeeds. */
function Left({ plan }: { plan: PlanSummary }): JSX.Element | null {
  const left = plan.spaces.flatMap((space) => space.left);
  if (left.length === 0 || (plan.outcome !== 'ok' && plan.outcome !== 'depends')) return null;
  return (
    <details>
      <summary>What is different afterwards ({left.length})</summary>
      <ul>
        {left.map((text) => (
          <li key={text}>{sentence(pageWords(text))}</li>
        ))}
      </ul>
    </details>
  );
}

interface MoreProps<Item> {
  readonly title: string;
  readonly list: Listed<Item>;
  readonly isOpen?: boolean;
  readonly children: (item: Item) => ComponentChildren;
}

function More<Item>({ title, list: { shown, more }, isOpen = false, children }: MoreProps<Item>): JSX.Element | null {
  if (shown.length === 0) return null;
  return (
    <details open={isOpen}>
      <summary>
        {title} ({count(shown.length + more)})
      </summary>
      <ul class="reasons">
        {shown.map((item, index) => (
          <li key={index}>{children(item)}</li>
        ))}
        {more > 0 && <li>… and {count(more)} more, all in the JSON.</li>}
      </ul>
    </details>
  );
}

function Warning({ warning: { code, text, ids, pids } }: { warning: WarningRow }): JSX.Element {
  return (
    <p>
      <b>{sentence(code.replaceAll('-', ' '))}</b> {pids.count === 1 ? 'Process' : 'Processes'} {idsText(pids)}
      {ids.count > 0 && `, ${ids.count === 1 ? 'timer' : 'timers'} ${idsText(ids)}`}.{' '}
      <Explained text={pageWords(text)} />
    </p>
  );
}

function Processes({ list: { shown, more } }: { list: Listed<ProcessRow> }): JSX.Element | null {
  if (shown.length === 0) return null;
  const rows = shown.map((process) => [
    process.container === undefined ? count(process.pid) : `${count(process.pid)} in ${process.container}`,
    idsText(process.ids),
    <Outcome key="o" outcome={process.outcome} />,
    WAYS[process.strategy],
    count(process.creates),
    count(process.deletes),
    count(process.peakTimers),
    process.outcome === 'hangs' ? '–' : count(process.nextId),
    process.outcome === 'hangs' ? '∞' : duration(process.seconds),
  ]);
  return (
    <details open={shown.length <= 8}>
      <summary>Timers by process ({count(shown.length + more)})</summary>
      <Table
        caption="Timers by process"
        isHidden
        texts={4}
        heads={['Process', 'Timer IDs', 'Outcome', 'How', 'Creates', 'Deletes', 'most at a time', 'Next ID', 'Time']}
        rows={rows}
      />
      {more > 0 && <p class="note">… and {count(more)} more that take less time.</p>}
      {shown
        .filter(({ error }) => error !== null)
        .slice(0, 3)
        .map(({ pid, error }) => (
          <pre key={pid}>{`${count(pid)}: ${error}`}</pre>
        ))}
    </details>
  );
}

interface TableProps {
  readonly caption: string;
  /** Columns that hold text and stand to the left: the first ones. */
  readonly texts?: number;
  readonly isHidden?: boolean;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A table that scrolls sideways by itself where the screen is narrow. */
export function Table({ caption, texts = 2, isHidden = false, heads, rows }: TableProps): JSX.Element {
  return (
    <Scroll label={caption}>
      <table class={`texts-${texts}`}>
        <caption class={isHidden ? 'unseen' : ''}>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                <Named name={head} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], index) => (
            <tr key={index}>
              <th scope="row">{first}</th>
              {cells.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The plan as a file, to compare or to keep. */
function Json({ state }: { state: CheckpointState }): JSX.Element {
  const [failed, setFailed] = useState('');
  const save = async (): Promise<void> => {
    try {
      const url = URL.createObjectURL(new Blob([await state.json()], { type: 'application/json' }));
      Object.assign(document.createElement('a'), { href: url, download: 'plan.json' }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      setFailed('');
    } catch (error) {
      setFailed((error as Error).message);
    }
  };
  return (
    <p class="row">
      <button type="button" onClick={() => void save()}>
        Save as JSON
      </button>
      <span class="note">{failed || 'as idspace plan --json writes it'}</span>
    </p>
  );
}
