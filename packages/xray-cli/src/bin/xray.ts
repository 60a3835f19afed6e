#!/usr/bin/env node
import { XrayError } from 'xray-core';
import { rootCommand } from '../commands/root-command.js';
import { applyConfiguration } from '../terminal/configuration.js';

const root = rootCommand();
try {
  applyConfiguration(root, {
    words: process.argv.slice(2),
    environment: process.env,
    folder: process.cwd(),
  });
  await root.parseAsync();
} catch (error) {
  if (!XrayError.isInstance(error)) throw error;
  console.error(`Error: ${error.message}`);
  process.exitCode = 1;
}
