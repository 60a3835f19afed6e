#!/usr/bin/env node
import { Command, Option } from 'commander';
import { XrayError } from 'xray-core';
import { DEVICE_KINDS, type DeviceKind } from '../devices/device.js';
import { diagnose, formatDiagnosis, timeDevice } from '../doctor/doctor.js';

const program = new Command('xray-node-gpu').description('Devices for TensorFlow.js on Node.');

program
  .command('doctor')
  .description('Lists the devices of this machine: what works, what does not, and what to do about it.')
  .addOption(new Option('--device <kind>', 'the device that has to work').choices([...DEVICE_KINDS]))
  .option('--bench', 'also time a fixed training step on each device that works', false)
  .option('--software', 'count a graphics adapter emulated on the CPU as working', false)
  .option('--json', 'print JSON', false)
  .addHelpText(
    'after',
    '\nExit code: 0 if the device that --device or XRAY_DEVICE names (or any) works, 1 if not.',
  )
  .action(
    async (flags: { device?: DeviceKind | undefined; bench: boolean; software: boolean; json: boolean }) => {
      const diagnosis = await diagnose(flags);
      console.log(flags.json ? JSON.stringify(diagnosis, null, 2) : formatDiagnosis(diagnosis));
      process.exitCode = diagnosis.healthy ? 0 : 1;
    },
  );

program
  .command('time', { hidden: true })
  .argument('<kind>')
  .option('--software', '', false)
  .action(async (kind: DeviceKind, { software }: { software: boolean }) => {
    console.log(await timeDevice(kind, software));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!XrayError.isInstance(error)) throw error;
  console.error(`Error: ${error.message}`);
  process.exitCode = 1;
}
