import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { integer } from '../terminal/flag-values.js';
import { newCommand } from '../terminal/new-command.js';
import { type OutputFlags, runTask } from '../terminal/run-task.js';
import { watchRun } from '../watching/watch-run.js';

interface WatchFlags extends OutputFlags {
  readonly port: number;
  readonly open: boolean;
}

/** `xray watch`. */
export function watchCommand(): Command {
  return newCommand('watch', 'Serves a page with the curves of a run, on this machine only, until Ctrl+C.')
    .usage('[options] <run>')
    .argument('<run>', 'run folder')
    .option('--port <number>', 'where it listens (default: any port that is free)', integer, 0)
    .option('--open', 'open the page in the browser', false)
    .action(async (run: string, _options, self: Command) => {
      const flags = self.optsWithGlobals<WatchFlags>();
      await runTask(flags, 'Watching has ended.', async ({ signal, finish, say }) => {
        const { url, close } = await watchRun(run, flags.port);
        finish(url, { url });
        if (flags.open) open(url);
        say('Ctrl+C ends it. history.csv of the run holds the same numbers.');
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await close();
      });
    });
}

/** With the program that the system opens addresses with; where there is none, the address was printed. */
function open(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
