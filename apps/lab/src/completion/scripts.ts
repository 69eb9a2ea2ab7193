// Completion for shells: scripts that know every command, flag and value, and call nothing.
import type { CommandInfo, FlagInfo } from '../cli/command-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

/** Writes the script for a shell. */
export function completionScript(shell: ShellName, commands: readonly CommandInfo[]): string {
  return { bash, zsh, fish }[shell](commands);
}

const namesOf = (commands: readonly CommandInfo[]): string => commands.map(({ name }) => name).join(' ');

function bash(commands: readonly CommandInfo[]): string {
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap((flag) => {
      const { value } = flag;
      if (value.kind !== 'one' && value.kind !== 'some') return [];
      return [`    *" ${name} ${flag.name}") ${value.kind}='${value.of.join(' ')}' ;;`];
    }),
  );
  const flags = commands.map(({ name, flags, argumentNames }) => {
    const all = [...flags.map((flag) => flag.name), '--help'].join(' ');
    return `    *" ${name} "*) if [[ $2 == -* ]]; then one='${all}'; else one='${argumentNames.join(' ')}'; fi ;;`;
  });
  return `# bash completion for idspace: eval "$(idspace completion bash)"
_idspace() {
  local one= some= before=
  case "$COMP_CWORD \${COMP_WORDS[1]} $3" in
    "1 "*) one='${namesOf(commands)} help --help --version' ;;
    *" help "*) one='${namesOf(commands)}' ;;
${[...values, ...flags].join('\n')}
  esac
  if [[ -n $some ]]; then
    [[ $2 == *,* ]] && before=\${2%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$some" -- "\${2##*,}")
  else
    mapfile -t COMPREPLY < <(compgen -W "$one" -- "$2")
  fi
}
complete -o bashdefault -o default -F _idspace idspace
`;
}

function zsh(commands: readonly CommandInfo[]): string {
  const quoted = (text: string): string => text.replace(/'/g, "'\\''");
  const plain = (text: string): string => quoted(text.replace(/[[\]:\\]/g, '\\$&'));
  const argument = ({ value, name }: FlagInfo): string => {
    const what = name.slice(2);
    if (value.kind === 'none') return '';
    if (value.kind === 'file') return `:${what}:_files`;
    if (value.kind === 'other') return `:${what}: `;
    return value.kind === 'one'
      ? `:${what}:(${value.of.join(' ')})`
      : `:${what}:_values -s , ${what} ${value.of.join(' ')}`;
  };
  const cases = commands.map(({ name, flags, takesFiles, argumentNames }) => {
    const lines = flags.map((flag) => `      '${flag.name}[${plain(flag.description)}]${quoted(argument(flag))}'`);
    return `    ${name}) _arguments \\\n${[...lines, ...(takesFiles ? ["      '*:path:_files'"] : []), ...(argumentNames.length > 0 ? [`      ':name:(${argumentNames.join(' ')})'`] : [])].join(' \\\n')} ;;`;
  });
  return `#compdef idspace
# zsh completion for idspace: eval "$(idspace completion zsh)", or a file _idspace in a folder of $fpath
_idspace() {
  local -a commands=(
${commands.map(({ name, summary }) => `    '${name}:${plain(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _describe command commands ;;
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _idspace ]]; then _idspace "$@"; else compdef _idspace idspace; fi
`;
}

function fish(commands: readonly CommandInfo[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const of = (names: string): string => `complete -c idspace -n ${quoted(`__fish_seen_subcommand_from ${names}`)}`;
  const value = ({ value }: FlagInfo): string => {
    if (value.kind === 'none') return '';
    if (value.kind === 'file') return ' -r -F';
    if (value.kind === 'other') return ' -x';
    return ` -x -a ${quoted(value.kind === 'one' ? value.of.join(' ') : `(__fish_append , ${value.of.join(' ')})`)}`;
  };
  const lines = commands.flatMap(({ name, summary, flags, takesFiles, argumentNames }) => [
    `complete -c idspace -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...(takesFiles ? [] : [`${of(name)} -f`]),
    ...(argumentNames.length > 0 ? [`${of(name)} -a ${quoted(argumentNames.join(' '))}`] : []),
    ...flags.map((flag) => `${of(name)} -l ${flag.name.slice(2)}${value(flag)} -d ${quoted(flag.description)}`),
  ]);
  return `# fish completion for idspace: idspace completion fish | source\n${lines.join('\n')}\n${of('help')} -f -a ${quoted(namesOf(commands))}\n`;
}
