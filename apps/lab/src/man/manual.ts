// The man page, made from the help of all commands.
import type { CommandInfo } from '../cli/command-tree.ts';

/** Writes the page in the man macros of roff. @param about What the program does. @param more What its help says beside. */
export function manualPage(about: string, more: string, version: string, commands: readonly CommandInfo[]): string {
  const seeAlso = 'criu(8), cg_annotate(1), timer_create(2)';
  return [
    `.TH IDSPACE 1 "" "idspace ${version}" "User Commands"`,
    `.SH NAME\nidspace \\- ${escaped(about.split('. ')[0]!)}`,
    '.SH SYNOPSIS',
    ...commands.map(({ usage }) => `.B ${escaped(usage)}\n.br`),
    `.SH DESCRIPTION\n${escaped(about)}\n${asIs(more)}`,
    ...commands.map(section),
    `.SH SEE ALSO\n${escaped(seeAlso)}`,
    '',
  ].join('\n');
}

function section({ name, summary, description, flags, more }: CommandInfo): string {
  const options = flags.map(({ form, description: what }) => `.TP\n.B ${escaped(form)}\n${escaped(what)}`);
  return [
    `.SH IDSPACE ${name.toUpperCase()}`,
    `.I ${escaped(summary)}`,
    '.PP',
    escaped(description),
    ...options,
    asIs(more),
  ].join('\n');
}

/** Text that is laid out already. */
function asIs(text: string): string {
  return `.PP\n.in 0\n.nf\n${text.split('\n').map(escaped).join('\n')}\n.fi\n.in`;
}

/** Text that is no request and has no escapes; its hyphens can be pasted. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/gm, '\\&$&');
}
