export { type Model, type Operation, runModel } from './model.ts';
export { type Random, random } from './random.ts';
