// Adds up a square of numbers column by column: each step goes 8 KiB on, to another cache line.
const SIDE = 1024;
const square = new Float64Array(SIDE * SIDE).fill(1);

let sum = 0;
for (let column = 0; column < SIDE; column++) {
  for (let row = 0; row < SIDE; row++) {
    sum += square[row * SIDE + column];
  }
}
console.log(sum);
