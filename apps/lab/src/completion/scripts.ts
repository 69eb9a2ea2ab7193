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
      if (value.of.length === 0) return [];
      const files = value.kind === 'file' ? ' files=1' : '';
      return [
        `    *" ${name} ${flag.name}") ${value.kind === 'some' ? 'some' : 'one'}='${value.of.join(' ')}'${files} ;;`,
      ];
    }),
  );
  const flags = commands.map(({ name, flags, argumentNames }) => {
    const all = [...flags.map((flag) => flag.name), '--help'].join(' ');
    return `    *" ${name} "*) if [[ $word == -* ]]; then one='${all}'; else one='${argumentNames.join(' ')}'; fi ;;`;
  });
  return `# bash completion for idspace: eval "$(idspace completion bash)"
_idspace() {
  local one= some= files= before= word=$2 flag=$3 start= at=$COMP_CWORD
  # bash takes a colon for a word of its own: model:6.1 is one value.
  if [[ \${COMP_WORDS[at]} == : ]] && (( at > 2 )); then
    start=\${COMP_WORDS[at-1]}: word=$start flag=\${COMP_WORDS[at-2]}
  elif [[ $3 == : ]] && (( at > 3 )); then
    start=\${COMP_WORDS[at-2]}: word=$start$2 flag=\${COMP_WORDS[at-3]}
  fi
  case "$COMP_CWORD \${COMP_WORDS[1]} $flag" in
    "1 "*) one='${namesOf(commands)} help --help --version' ;;
    *" help "*) one='${namesOf(commands)}' ;;
${[...values, ...flags].join('\n')}
  esac
  if [[ -n $some ]]; then
    [[ $word == *,* ]] && before=\${word%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$some" -- "\${word##*,}")
  else
    mapfile -t COMPREPLY < <(compgen -W "$one" -- "$word"; [[ -n $files ]] && compgen -f -- "$word")
  fi
  [[ -n $start ]] && COMPREPLY=("\${COMPREPLY[@]#"$start"}")
  [[ -n $files ]] && compopt -o filenames 2> /dev/null
  return 0
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
    const names = value.of.join(' ').replaceAll(':', '\\:');
    if (value.kind === 'file') return `:${what}:${names === '' ? '_files' : `{ compadd ${names}; _files }`}`;
    if (value.of.length === 0) return `:${what}: `;
    return value.kind === 'some' ? `:${what}:_values -s , ${what} ${names}` : `:${what}:(${names})`;
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
    const takes = value.kind === 'file' ? ' -r -F' : ' -x';
    if (value.of.length === 0) return takes;
    return `${takes} -a ${quoted(value.kind === 'some' ? `(__fish_append , ${value.of.join(' ')})` : value.of.join(' '))}`;
  };
  const lines = commands.flatMap(({ name, summary, flags, takesFiles, argumentNames }) => [
    `complete -c idspace -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...(takesFiles ? [] : [`${of(name)} -f`]),
    ...(argumentNames.length > 0 ? [`${of(name)} -a ${quoted(argumentNames.join(' '))}`] : []),
    ...flags.map((flag) => `${of(name)} -l ${flag.name.slice(2)}${value(flag)} -d ${quoted(flag.description)}`),
  ]);
  return `# fish completion for idspace: idspace completion fish | source\n${lines.join('\n')}\n${of('help')} -f -a ${quoted(namesOf(commands))}\n`;
}
