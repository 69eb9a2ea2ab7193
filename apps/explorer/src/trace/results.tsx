// What was counted: of a trace in cachegrind's words, of classes side by side and field by field.
import type { JSX } from 'preact';
import { bytes, count, counted, three } from '../shell/number.ts';
import { Scroll } from '../shell/scroll.tsx';
import { Explained, Named } from '../shell/term.tsx';
import type { AllocatorResult } from './allocator-run.ts';
import { Curve } from './curve.tsx';
import type { TraceResult } from './trace-calls.ts';

export function PlayedTrace({ result }: { result: TraceResult & { readonly name: string } }): JSX.Element {
  const { name, format, note, read, fetches, i1Misses, reads, writes, d1Misses, llMisses, dataLines, curve, rate } =
    result;
  const share = (part: number): string => (reads + writes === 0 ? '–' : `${three((100 * part) / (reads + writes))} %`);
  return (
    <section aria-label="The trace">
      <h2>{name}</h2>
      <p class="note">
        {counted(read.accesses, 'access', 'accesses')} of {format}, on {counted(read.lines, 'line')} of text. {note}
        {read.cut !== undefined &&
          ` The last line has no end and was ${read.cut.played ? 'played as it stands' : 'left out'}.`}
      </p>
      <dl class="counts">
        <Count name="I refs" value={fetches} more={`${count(i1Misses)} missed in I1`} />
        <Count name="D refs" value={reads + writes} more={`${count(reads)} reads, ${count(writes)} writes`} />
        <Count name="D1 misses" value={d1Misses} more={`${share(d1Misses)} of D refs`} />
        <Count name="LLd misses" value={llMisses} more={`${share(llMisses)} of D refs`} />
        <Count
          name="Lines of data"
          value={dataLines}
          more={rate < 1 ? `estimated from ${three(rate * 100)} % of them` : 'all of them'}
        />
      </dl>
      <Curve series={[{ name: 'data', points: curve }]} />
    </section>
  );
}

function Count({ name, value, more }: { name: string; value: number; more: string }): JSX.Element {
  return (
    <div>
      <dt>
        <Explained text={name} />
      </dt>
      <dd>
        {count(value)}
        <small>
          <Explained text={more} />
        </small>
      </dd>
    </div>
  );
}

export function ClassResults({ results }: { results: readonly AllocatorResult[] }): JSX.Element {
  const [pasted] = results;
  const perCall = (value: number, { calls }: AllocatorResult): string => three(value / calls);
  return (
    <section aria-label="The class beside ours">
      <h2>{pasted!.name} beside ours</h2>
      <p class="note">
        {counted(pasted!.calls, 'call')}, the same for each. Accesses and misses are means over them; lines and bytes
        are totals. IdPool and Ida are the classes of idspace that do the same.
      </p>
      <Scroll label="The classes">
        <table>
          <thead>
            <tr>
              {['Class', 'Accesses', 'Reads', 'Writes', 'D1 misses', 'LL misses', 'Lines in all', 'Typed arrays'].map(
                (head) => (
                  <th scope="col" key={head}>
                    <Explained text={head} />
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {results.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <Named name={one.name} />
                </th>
                <td>{perCall(one.reads + one.writes, one)}</td>
                <td>{perCall(one.reads, one)}</td>
                <td>{perCall(one.writes, one)}</td>
                <td>{perCall(one.d1Misses, one)}</td>
                <td>{perCall(one.llMisses, one)}</td>
                <td>{count(one.dataLines)}</td>
                <td>{bytes(one.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Curve series={results.map(({ name, curve }) => ({ name, points: curve }))} />
      <h3>By field</h3>
      <Scroll label="Fields of the classes">
        <table>
          <thead>
            <tr>
              {['Field', 'Reads', 'Writes', 'D1 misses', 'LL misses'].map((head) => (
                <th scope="col" key={head}>
                  <Explained text={head} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {results.flatMap(({ name, fields }) =>
              fields.map((field) => (
                <tr key={`${name} ${field.name}`}>
                  <th scope="row">
                    <code>{field.name}</code>
                  </th>
                  <td>{count(field.reads)}</td>
                  <td>{count(field.writes)}</td>
                  <td>{count(field.d1Misses)}</td>
                  <td>{count(field.llMisses)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
      {pasted!.unseen.length > 0 && (
        <p class="note">
          Not seen, and so not counted:{' '}
          {pasted!.unseen
            .slice(0, 8)
            .map(({ name, why }) => `${name} (${why})`)
            .join('; ')}
          .
        </p>
      )}
    </section>
  );
}
