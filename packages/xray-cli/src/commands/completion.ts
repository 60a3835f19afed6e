import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../terminal/completion.js';
import { runTask } from '../terminal/run-task.js';

/** `xray completion`. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Prints a script that makes a shell complete commands and flags.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      `
  bash: eval "$(xray completion bash)" in ~/.bashrc
  zsh:  eval "$(xray completion zsh)" in ~/.zshrc
  fish: xray completion fish > ~/.config/fish/completions/xray.fish`,
    )
    .action((shell: Shell, _options, self: Command) =>
      runTask({}, '', async ({ finish }) => finish(completionScript(self.parent!, shell), {})),
    );
}
