// Random scripts of the other IDs: watch descriptors, SysV IDs, pseudoterminals, PIDs.
import { fileURLToPath } from 'node:url';
import { random } from '@idspace/testkit';
import { gatherFacts } from '../../../src/facts/facts.ts';
import { compileDriver } from '../compile-driver.ts';
import { shrink } from '../shrink.ts';
import { type Course, compareIds, isPlayable, randomIdScript, type Script } from './course.ts';
import { coursesOn } from './courses.ts';
import { IdDriver } from './driver.ts';

const SOURCES = ['driver.c', 'spaces.c', 'pids.c'].map((name) => fileURLToPath(new URL(name, import.meta.url)));

/** What the differential calls the spaces of this file. */
export const ID_SPACES: readonly string[] = coursesOn(false).map(({ space }) => space);

/** Plays each space. Returns true after a difference. */
export async function runIds(spaces: ReadonlySet<string>, scripts: number, seed: number): Promise<boolean> {
  const compiled = compileDriver(SOURCES);
  if (typeof compiled === 'string') {
    console.log(`SKIPPED: ${[...spaces].join(', ')}: ${compiled}`);
    return false;
  }
  const driver = await IdDriver.start(compiled.program);
  try {
    const { ipcmniExtend = false } = gatherFacts({ criu: () => '' }).machine;
    for (const course of coursesOn(ipcmniExtend)) {
      if (!spaces.has(course.space)) continue;
      const why = driver.spaces.get(course.space);
      if (why !== null) console.log(`SKIPPED: ${course.title}: ${why}`);
      else if (await playAll(course, driver, scripts, seed)) return true;
    }
    if (!driver.ownUser) console.log('SKIPPED: limits on watches: there is no user namespace to be had');
    return false;
  } finally {
    driver.close();
    compiled.remove();
  }
}

async function playAll(course: Course, driver: IdDriver, scripts: number, seed: number): Promise<boolean> {
  const start = performance.now();
  const play = (script: Script): Promise<readonly number[]> => driver.play(script);
  let steps = 0;
  for (let i = 0; i < scripts; i++) {
    const script = randomIdScript(course, random(seed + i), driver.ownUser);
    const difference = await compareIds(course, script, play);
    steps += script.steps.length;
    if (difference === null) continue;
    const shortest = await shrink(script.steps, async (steps) => {
      const shorter = { ...script, steps };
      return isPlayable(course, shorter) && (await compareIds(course, shorter, play)) !== null;
    });
    const least = { ...script, steps: shortest };
    const shown = (await compareIds(course, least, play)) ?? difference;
    console.log(
      `${course.title}: a difference after ${i} scripts; again with --spaces ${course.space} --scripts 1 --seed ${seed + i}`,
    );
    console.log(JSON.stringify(shown, null, 2));
    console.log(`limit ${least.limit}: ${least.steps.map((step) => step.join(' ')).join('; ')}`);
    return true;
  }
  const seconds = (performance.now() - start) / 1000;
  const perMinute = Math.round((60 * scripts) / seconds);
  console.log(
    `${course.title}: ${scripts} scripts, ${steps} calls, each result compared, 0 differences; ` +
      `${seconds.toFixed(1)} s, ${perMinute} scripts a minute`,
  );
  return false;
}
