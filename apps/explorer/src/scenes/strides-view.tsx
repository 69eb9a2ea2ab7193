// A chart of misses against the distance of the IDs: table and tree cross. A slider picks a distance.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { operation } from '../engine/operations.ts';
import { bytes, three } from '../shell/number.ts';
import { COMPARED, type Compared, STRIDES, type StrideCost } from './counting.ts';
import { PAGE_COUNTER } from './page-counter.ts';
import { PanelsView } from './panels-view.tsx';
import type { Play } from './scene.ts';

/** Of the chart, in pixels: drawn again for a phone, so that its words stay as large as others. */
const isNarrow: boolean = typeof matchMedia === 'function' && matchMedia('(width < 45rem)').matches;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [isNarrow ? 340 : 700, 280, 24, 48, 24, 120];
const NAMES: Readonly<Record<Compared, string>> = {
  'hash-512': 'table until 6.14',
  'hash-scaled-jhash': 'table of 6.15',
  xarray: 'tree',
};

/** Timers in the picture of the tree. */
const SHOWN_TIMERS = 64;

/** Where things are in the chart. */
const across = (place: number): number => LEFT + (place * (WIDTH - LEFT - RIGHT)) / (STRIDES.length - 1);
const up = (misses: number, most: number): number => HEIGHT - BOTTOM - (misses * (HEIGHT - BOTTOM - TOP)) / most;

export function StridesView(): JSX.Element {
  const costs = useSignal<readonly StrideCost[]>([]);
  const place = useSignal(0);
  useEffect(() => {
    let shown = true;
    const count = async (): Promise<void> => {
      for (const stride of STRIDES) {
        for (const design of COMPARED) {
          const cost = await PAGE_COUNTER.strideCost({ design, stride });
          if (!shown) return;
          costs.value = [...costs.value, cost];
        }
      }
    };
    void count();
    return () => {
      shown = false;
    };
  }, []);
  const stride = STRIDES[place.value];
  const tree = useMemo(() => treeAt(stride), [stride]);
  const at = (design: Compared): StrideCost | undefined =>
    costs.value.find((cost) => cost.design === design && cost.stride === stride);
  return (
    <div class="panel strides">
      <label>
        From one ID to the next: <output>{stride}</output>
        <input
          type="range"
          min={0}
          max={STRIDES.length - 1}
          value={place.value}
          aria-valuetext={`IDs ${stride} apart`}
          onInput={({ currentTarget }) => {
            place.value = Number(currentTarget.value);
          }}
        />
      </label>
      <Chart costs={costs.value} place={place.value} />
      <PanelsView play={tree} />
      <table>
        <thead>
          <tr>
            <th scope="col">IDs {stride} apart</th>
            <th scope="col">cache misses of a lookup</th>
            <th scope="col">memory beside the timers</th>
          </tr>
        </thead>
        <tbody>
          {COMPARED.map((design) => (
            <tr key={design} class={design}>
              <th scope="row">{NAMES[design]}</th>
              <td>{three(at(design)?.misses ?? Number.NaN).replace('NaN', '…')}</td>
              <td>{at(design) === undefined ? '…' : bytes(at(design)!.tableBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Few timers at a distance, in a tree: as many as its picture can show. */
function treeAt(stride: number): Play {
  return { release: 'xarray', operations: [operation('restore', SHOWN_TIMERS, 0, stride)] };
}

function Chart({ costs, place }: { costs: readonly StrideCost[]; place: number }): JSX.Element {
  const most = Math.ceil(Math.max(6, ...costs.map(({ misses }) => misses)));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Cache misses of a lookup by distance of the IDs">
      {Array.from({ length: most / 2 + 1 }, (_, i) => 2 * i).map((misses) => (
        <g key={misses} class="grid">
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={up(misses, most)} y2={up(misses, most)} />
          <text x={LEFT - 8} y={up(misses, most) + 4} text-anchor="end">
            {misses}
          </text>
        </g>
      ))}
      {STRIDES.filter((_, i) => !isNarrow || i % 3 === 0).map((stride) => (
        <text key={stride} x={across(STRIDES.indexOf(stride))} y={HEIGHT - 28} text-anchor="middle">
          {stride}
        </text>
      ))}
      <text x={LEFT} y={12}>
        cache misses of a lookup
      </text>
      <text x={across((STRIDES.length - 1) / 2)} y={HEIGHT - 6} text-anchor="middle">
        from one ID to the next
      </text>
      <line class="here" x1={across(place)} x2={across(place)} y1={TOP} y2={HEIGHT - BOTTOM} />
      {COMPARED.map((design) => (
        <Series key={design} costs={costs.filter((cost) => cost.design === design)} most={most} />
      ))}
    </svg>
  );
}

function Series({ costs, most }: { costs: readonly StrideCost[]; most: number }): JSX.Element | null {
  if (costs.length === 0) return null;
  const points = costs.map(({ stride, misses }) => [across(STRIDES.indexOf(stride)), up(misses, most)] as const);
  const [x, y] = points.at(-1)!;
  const { design } = costs[0];
  return (
    <g class={`series ${design}`}>
      <polyline points={points.map((point) => point.join()).join(' ')} />
      {points.map(([px, py]) => (
        <circle key={px} cx={px} cy={py} r={4} />
      ))}
      <text x={x + 10} y={y + 4}>
        {NAMES[design]}
      </text>
    </g>
  );
}
