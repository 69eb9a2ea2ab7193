// What the last call cost, which locks were taken, and the same for the kernel beside.
import type { JSX } from 'preact';
import { kernelName } from '../engine/kernel-names.ts';
import { callText } from '../engine/machine.ts';
import type { Session } from '../engine/session.ts';
import { bucketsOf, idsOf, locksOf, treeOf } from '../engine/views.ts';
import { count, counted } from '../shell/number.ts';
import { Scroll } from '../shell/scroll.tsx';
import { Named } from '../shell/term.tsx';

/** Numbers of one moment, in one or two columns. */
export function CostPanel({ session, beside }: { session: Session; beside: Session | null }): JSX.Element {
  const sessions = beside === null ? [session] : [session, beside];
  const cells = (of: (each: Session) => string | number): JSX.Element[] =>
    sessions.map((each, i) => <td key={i}>{number(of(each))}</td>);
  const names = session.machine.meter.hardware.levels.map(({ name }) => name);
  return (
    <section class="panel cost" aria-labelledby="cost-title">
      <h2 id="cost-title">{beside === null ? 'The last call' : 'The last call, on both kernels'}</h2>
      <Scroll label="What it cost">
        <table>
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              {sessions.map(({ setup }) => (
                <th scope="col" key={setup.release}>
                  {kernelName(setup.release)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="call">{cells(({ call }) => (call === null ? '–' : callText(call)))}</Row>
            <Row name="accesses">{cells(({ call }) => call?.cost?.refs ?? '–')}</Row>
            <Row name="" word="cache line" shown="cache lines">
              {cells(({ call }) => call?.cost?.linesTouched ?? '–')}
            </Row>
            <Row name="missed" word={names[0]}>
              {cells(({ call }) => (call?.cost == null ? '–' : call.cost.refs - call.cost.servedBy[0]))}
            </Row>
            <Row name="from memory">{cells(({ call }) => call?.cost?.servedBy.at(-1) ?? '–')}</Row>
            <Row name="time (model)">
              {cells(({ call }) => (call?.cost == null ? '–' : `${count(call.cost.ns)} ns`))}
            </Row>
            {beside !== null && (
              <>
                <Row name="live timers">{cells((each) => each.machine.live.size)}</Row>
                <Row name="holes">{cells((each) => idsOf(each).holes)}</Row>
                <Row name="longest chain, or nodes">
                  {cells(({ machine }) => {
                    const nodes = treeOf(machine)?.nodes;
                    return nodes === undefined
                      ? counted(bucketsOf(machine)?.longest ?? 0, 'timer')
                      : counted(nodes, 'node');
                  })}
                </Row>
              </>
            )}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** The locks of a session's kernel, with the package's own counts. */
export function LocksPanel({ session }: { session: Session }): JSX.Element {
  const accesses = session.call?.accesses.slice(0, session.access) ?? [];
  const inCall = (name: string): number =>
    accesses.filter(
      ({ kind, lock }) => kind === 'lock' && (lock === name || (lock === 'bucket lock' && name === 'bucket locks')),
    ).length;
  const isHeld = (name: string): boolean => {
    const last = accesses.findLast(({ lock }) => lock === name || (lock === 'bucket lock' && name === 'bucket locks'));
    return last?.kind === 'lock';
  };
  return (
    <section class="panel locks" aria-labelledby="locks-title">
      <h2 id="locks-title">Locks</h2>
      <Scroll label="Which locks">
        <table>
          <thead>
            <tr>
              <th scope="col">Lock</th>
              <th scope="col">guards</th>
              <th scope="col">last call</th>
              <th scope="col">in all</th>
            </tr>
          </thead>
          <tbody>
            {locksOf(session.machine).map(({ name, guards, taken }) => (
              <tr key={name}>
                <th scope="row">
                  <Named name={name} />
                  {isHeld(name) && <span class="held"> held</span>}
                </th>
                <td class="text">{guards}</td>
                <td>{inCall(name)}</td>
                <td data-count={`taken-${name.replace(' ', '-')}`}>{number(taken)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  /** Of the glossary, if it is there. */
  readonly word?: string;
  readonly shown?: string;
  readonly children: JSX.Element[];
}

function Row({ name, word, shown, children }: RowProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        {name} {word !== undefined && <Named name={word} {...(shown !== undefined && { shown })} />}
      </th>
      {children}
    </tr>
  );
}

const number = (value: string | number): string => (typeof value === 'number' ? count(value) : value);
