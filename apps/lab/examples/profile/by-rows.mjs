// Adds up a square of numbers row by row, in the order in which they lie.
const SIDE = 1024;
const square = new Float64Array(SIDE * SIDE).fill(1);

let sum = 0;
for (let row = 0; row < SIDE; row++) {
  for (let column = 0; column < SIDE; column++) {
    sum += square[row * SIDE + column];
  }
}
console.log(sum);
