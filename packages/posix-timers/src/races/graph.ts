// Visits every state that a machine can reach, breadth first, whatever the order of its CPUs' steps.
import { advance, type Rule, type State } from './machine.ts';

/** A state that was reached. */
export interface Node {
  readonly state: State;
  /** How it was first reached: by the shortest schedule. */
  readonly from: Node | null;
  readonly text: string;
  /** The states that a step leads to. */
  readonly next: Node[];
}

/** Every reachable state, in the order of their shortest schedules. */
export function reachable(rule: Rule, start: State): Node[] {
  const first: Node = { state: start, from: null, text: '', next: [] };
  const nodes = [first];
  const known = new Map([[JSON.stringify(start), first]]);
  for (const node of nodes) {
    for (let cpu = 0; cpu < start.cpus.length; cpu++) {
      const step = advance(rule, node.state, cpu);
      if (step === null) continue;
      const key = JSON.stringify(step.state);
      let after = known.get(key);
      if (after === undefined) {
        after = { state: step.state, from: node, text: step.text, next: [] };
        known.set(key, after);
        nodes.push(after);
      }
      node.next.push(after);
    }
  }
  return nodes;
}

/** The states from which no schedule whatever lets every CPU end, in the same order. */
export function doomed(nodes: readonly Node[]): Node[] {
  const before = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const after of node.next) before.get(after)!.push(node);
  const safe = new Set(nodes.filter(({ state }) => hasEnded(state)));
  for (const node of safe) for (const earlier of before.get(node)!) safe.add(earlier);
  return nodes.filter((node) => !safe.has(node));
}

/** Tells whether both CPUs have returned from all their calls. */
export function hasEnded({ cpus }: State): boolean {
  return cpus.every(({ at }) => at === 'done');
}

/** The steps that lead to a state. */
export function scheduleTo(node: Node): string[] {
  const steps: string[] = [];
  for (let at: Node | null = node; at?.from != null; at = at.from) steps.push(at.text);
  return steps.reverse();
}
