import { Command } from 'commander';
import { VERSION } from '../run-folder/run-facts.js';
import { auditCommand } from './audit.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { downloadCommand } from './download.js';
import { evaluateCommand } from './evaluate.js';
import { importCommand } from './import.js';
import { predictCommand } from './predict.js';
import { recipesCommand } from './recipes.js';
import { finishCommand, resumeCommand } from './resume.js';
import { trainCommand } from './train.js';
import { watchCommand } from './watch.js';

/** `xray` with all its commands. */
export function rootCommand(): Command {
  const root = new Command('xray')
    .description(
      'Trains, evaluates and uses classifiers of chest X-rays.\nResearch only, not a medical device.',
    )
    .version(VERSION)
    .option('--quiet', 'print errors and results only')
    .option('--json', 'print events and results as JSON, one a line')
    .showHelpAfterError('(--help lists the commands)')
    .addHelpText(
      'after',
      `
Flags can also be given in the environment, as in XRAY_SEED=3, and in xray.config.json, as in { "train": { "seed": 3 } }.
Flags come before the environment, the environment before the file.

Exit codes: 0 done, 1 failed, 130 interrupted (Ctrl+C), 143 terminated.`,
    );
  const commands = [
    trainCommand(),
    resumeCommand(),
    finishCommand(),
    evaluateCommand(),
    predictCommand(),
    auditCommand(),
    downloadCommand(),
    importCommand(),
    recipesCommand(),
    watchCommand(),
    doctorCommand(),
    completionCommand(),
  ];
  for (const command of commands) root.addCommand(command);
  return root;
}
