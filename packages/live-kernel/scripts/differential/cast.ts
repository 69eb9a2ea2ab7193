// Who is on the stage after some steps of a script, so that only those who are there are asked to act.
import type { Step } from '@idspace/posix-timers/conformance';

/** A name of the recordings' form. */
export type Actor = 'main' | 'thread1' | 'child' | 'grandchild' | 'exec';

const CHILD_OF: Readonly<Partial<Record<Actor, Actor>>> = {
  main: 'child',
  exec: 'child',
  thread1: 'child',
  child: 'grandchild',
};

/** Follows a script. Each of child, grandchild, thread1 and exec appears once at most. */
export class Cast {
  private readonly present: Set<Actor> = new Set(['main']);
  private readonly used: Set<Actor> = new Set();

  /** Those who can act. */
  get actors(): readonly Actor[] {
    return [...this.present];
  }

  /** Tells if any process can take a step here. */
  allows({ who, op }: { readonly who: string; readonly op: string }): boolean {
    const actor = who as Actor;
    if (!this.present.has(actor)) return false;
    const child = CHILD_OF[actor];
    switch (op) {
      case 'fork':
        return child !== undefined && !this.used.has(child);
      case 'waitpid':
        return child !== undefined && actor !== 'thread1' && this.present.has(child);
      case 'pthread_create':
        return actor === 'main' && !this.used.has('thread1');
      case 'pthread_join':
        return actor === 'main' && this.present.has('thread1');
      case 'execve':
        return (actor === 'main' || actor === 'thread1') && !this.used.has('exec');
      case 'setuid': // With threads, the C library passes it on by signals, which a low limit stops.
        return actor !== 'thread1' && !(actor === 'main' && this.present.has('thread1'));
      default:
        return true;
    }
  }

  /** Takes note of a step that `allows` allowed. */
  take({ who, op }: Step): void {
    const child = CHILD_OF[who as Actor]!;
    if (op === 'fork') this.enter(child);
    if (op === 'waitpid') this.present.delete(child);
    if (op === 'pthread_create') this.enter('thread1');
    if (op === 'pthread_join') this.present.delete('thread1');
    if (op === 'execve') {
      this.present.delete('main');
      this.present.delete('thread1');
      this.enter('exec');
    }
  }

  private enter(actor: Actor): void {
    this.present.add(actor);
    this.used.add(actor);
  }
}

/** Tells if a script can be played. */
export function isPlayable(steps: readonly Step[]): boolean {
  const cast = new Cast();
  return steps.every((step) => {
    const allowed = cast.allows(step);
    if (allowed) cast.take(step);
    return allowed;
  });
}
