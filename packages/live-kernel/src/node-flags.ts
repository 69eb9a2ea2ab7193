// The flags with which Node.js runs the threads and child processes of the program.

/** Flags that say how a module is found and translated, with or without a value of their own. */
const LOADING =
  /^(?:-C|--conditions|-r|--require|--import|--loader|--experimental-loader|--experimental-strip-types)(?:=|$)/;
const WITH_VALUE = /^(?:-C|--conditions|-r|--require|--import|--loader|--experimental-loader)$/;

/**
 * Returns the flags that a thread or child process needs to run a program of ours.
 *
 * Built ones need none. The flags of this process are not for them: a thread refuses those of V8 and of the process (--max-old-space-size, --title), a child
 * with --inspect-brk waits for a debugger, with --eval it runs something else. Sources need the flags that translate them.
 * @param program The path of the program.
 * @param flags Those of this process.
 */
export function nodeFlagsFor(program: string, flags: readonly string[] = process.execArgv): string[] {
  if (!program.endsWith('.ts')) return [];
  return flags.flatMap((flag, index) => {
    if (!LOADING.test(flag)) return [];
    return WITH_VALUE.test(flag) ? flags.slice(index, index + 2) : [flag];
  });
}

/** Variables by name. */
export type Environment = Record<string, string | undefined>;

/** Returns the environment for a child process: NODE_OPTIONS are for this process alone, for the same reasons. */
export function childEnvironment(program: string, env: Environment = process.env): Environment {
  if (program.endsWith('.ts')) return env;
  const { NODE_OPTIONS: _, ...rest } = env;
  return rest;
}
