import { type Command, Option } from 'commander';
import { DEVICE_KINDS, type DeviceKind, diagnose, formatDiagnosis } from 'xray-node-gpu';
import { newCommand } from '../terminal/new-command.js';
import { type OutputFlags, runTask } from '../terminal/run-task.js';

interface DoctorFlags extends OutputFlags {
  readonly device?: DeviceKind;
  readonly bench: boolean;
  readonly software: boolean;
}

/** `xray doctor`. */
export function doctorCommand(): Command {
  return newCommand(
    'doctor',
    'Lists the devices of this machine: what works, what does not, and what to do about it.',
  )
    .addOption(new Option('--device <kind>', 'the device that has to work').choices([...DEVICE_KINDS]))
    .option('--bench', 'also time a fixed training step on each device that works', false)
    .option('--software', 'count a graphics adapter emulated on the CPU as working', false)
    .addHelpText(
      'after',
      '\nExit code: 0 if the device that --device or XRAY_DEVICE names (or any) works, 1 if not.',
    )
    .action(async (_options, self: Command) => {
      const flags = self.optsWithGlobals<DoctorFlags>();
      await runTask(flags, '', async ({ finish }) => {
        const diagnosis = await diagnose(flags);
        finish(formatDiagnosis(diagnosis), diagnosis);
        process.exitCode = diagnosis.healthy ? 0 : 1;
      });
    });
}
