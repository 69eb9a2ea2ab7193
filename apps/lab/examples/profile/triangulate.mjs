// Triangulates 20,000 random points with delaunator (`npm install delaunator`). With 'sorted', points that lie close together have numbers
// close together.
import Delaunator from 'delaunator';

const POINTS = 20_000;
/** Cells of a grid over the points, each way. */
const CELLS = 64;

let state = 1;
const random = () => (state = (Math.imul(state, 69_069) + 1) >>> 0) / 2 ** 32;
const points = Array.from({ length: POINTS }, () => [random(), random()]);
if (process.argv[2] === 'sorted') points.sort((a, b) => cellOf(a) - cellOf(b));

/** Row by row, there and back. */
function cellOf([x, y]) {
  const [column, row] = [Math.floor(x * CELLS), Math.floor(y * CELLS)];
  return row * CELLS + (row % 2 === 0 ? column : CELLS - 1 - column);
}

console.log(new Delaunator(Float64Array.from(points.flat())).triangles.length / 3);
