import type { Command, Option } from 'commander';

/** Shells that completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

/** A script that makes a shell complete the commands, flags and choices of a program; files where it knows nothing better. */
export function completionScript(root: Command, shell: Shell): string {
  if (shell === 'fish') return fish(root);
  const load =
    shell === 'zsh'
      ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n'
      : '';
  return `${load}${bash(root)}`;
}

const commandsOf = (root: Command) => root.commands.map((command) => command.name());
const flagsOf = (command: Command) => command.options.map(({ long }) => long!).concat('--help');

function bash(root: Command): string {
  const name = root.name();
  const flags = root.commands.map(
    (command) =>
      `    ${command.name()}) words="${[...flagsOf(command), ...commandsOf(command)].join(' ')}" ;;`,
  );
  const choices = new Map<string, string>();
  for (const option of root.commands.flatMap((command) => command.options)) {
    if (option.argChoices) choices.set(option.long!, option.argChoices.join(' '));
  }
  const values = [...choices].map(([flag, words]) => `    ${flag}) words="${words}" ;;`);
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  case "$previous" in
${values.join('\n')}
  esac
  if [ -z "$words" ] && [ "$COMP_CWORD" -eq 1 ]; then words="${[...commandsOf(root), ...flagsOf(root)].join(' ')}"; fi
  if [ -z "$words" ] && [[ "$current" == -* || "\${COMP_WORDS[1]}" == recipes ]]; then case "\${COMP_WORDS[1]}" in
${flags.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

function fish(root: Command): string {
  const name = root.name();
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
  const flagLine = (condition: string, option: Option) => {
    const values = option.argChoices ? ` -xa ${quoted(option.argChoices.join(' '))}` : '';
    const needsValue = option.required && !option.argChoices ? ' -r' : '';
    return `complete -c ${name} -n ${quoted(condition)} -l ${option.long!.slice(2)}${values}${needsValue} -d ${quoted(option.description)}`;
  };
  return [
    ...root.commands.map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.summary() || command.description())}`,
    ),
    ...root.options.map((option) => flagLine('true', option)),
    ...root.commands.flatMap((command) =>
      command.options.map((option) => flagLine(`__fish_seen_subcommand_from ${command.name()}`, option)),
    ),
    '',
  ].join('\n');
}
