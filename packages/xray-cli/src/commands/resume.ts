import type { Command } from 'commander';
import { readRequest } from '../experiment/read-request.js';
import { runExperiment } from '../experiment/run-experiment.js';
import { commandLine } from '../terminal/command-line.js';
import { duration, positiveInteger } from '../terminal/flag-values.js';
import { addDeviceFlags, newCommand } from '../terminal/new-command.js';
import { type DeviceFlags, type OutputFlags, runOnDevice } from '../terminal/run-task.js';
import { showResult } from './train.js';

interface ResumeFlags extends DeviceFlags, OutputFlags {
  readonly data?: string | undefined;
  readonly epochs?: number | undefined;
  readonly stopAfter?: number | undefined;
}

/** `xray resume`. */
export function resumeCommand(): Command {
  const command = newCommand(
    'resume',
    'Goes on with an interrupted training, with the settings it was begun with.',
  )
    .usage('[options] <run>')
    .argument('<run>', 'run folder')
    .option('--data <folder>', 'where the images are now (default: where they were)')
    .option('--epochs <number>', 'most epochs to train in all (default: as before)', positiveInteger)
    .option('--stop-after <time>', 'end with the epoch that runs then, as in 20m or 1h30m', duration);
  return addDeviceFlags(command).action((run: string, _options, self: Command) =>
    goOn(run, self.optsWithGlobals<ResumeFlags>(), false),
  );
}

/** `xray finish`. */
export function finishCommand(): Command {
  const command = newCommand(
    'finish',
    'Trains no further: evaluates an interrupted training with its best weights, and reports it.',
  )
    .usage('[options] <run>')
    .argument('<run>', 'run folder')
    .option('--data <folder>', 'where the images are now (default: where they were)');
  return addDeviceFlags(command).action((run: string, _options, self: Command) =>
    goOn(run, self.optsWithGlobals<ResumeFlags>(), true),
  );
}

async function goOn(run: string, flags: ResumeFlags, finish: boolean): Promise<void> {
  await runOnDevice(flags, `Go on with: xray resume ${run}`, async (context) => {
    const request = await readRequest(run);
    const { recipe } = request;
    const epochs = flags.epochs ?? recipe.training.epochs;
    const result = await runExperiment({
      ...request,
      recipe: { ...recipe, training: { ...recipe.training, epochs } },
      ...(flags.data === undefined ? {} : { data: flags.data }),
      memoryLimit: flags.memoryLimit ?? request.memoryLimit,
      device: context.device,
      output: run,
      resume: true,
      finish,
      stopAfterSeconds: flags.stopAfter,
      command: commandLine(),
      signal: context.signal,
      onEvent: context.onEvent,
    });
    showResult(context, result);
  });
}
