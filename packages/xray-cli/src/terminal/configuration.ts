import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { FileError, InvalidArgumentError } from 'xray-core';

/** The file in the folder that a program is started in. */
const CONFIGURATION_FILE = 'xray.config.json';

/** Variables with a meaning of their own, which are no flags. */
const RESERVED = new Set(['XRAY_DEVICE', 'XRAY_WASM']);

/**
 * Lets the flags of a command be given in the environment (`XRAY_BATCH_SIZE` for `--batch-size`) and in `xray.config.json` (`{
 * "train": { "batchSize": 16 } }`), too. Flags come first, the environment second, the file third.
 */
export function addConfiguration(command: Command): Command {
  for (const option of command.options) {
    const variable = `XRAY_${option.attributeName().replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
    if (!RESERVED.has(variable) && !option.negate) option.env(variable);
  }
  return command;
}

/**
 * Takes what the configuration file says about a command.
 *
 * @throws {FileError} If the file is no JSON object.
 * @throws {InvalidArgumentError} If it names a command or a flag that does not exist, or gives a value that a flag cannot have.
 */
export function applyConfiguration(root: Command, folder = process.cwd()): void {
  const file = resolve(folder, CONFIGURATION_FILE);
  const configuration = readConfiguration(file);
  for (const [name, values] of Object.entries(configuration)) {
    const command = root.commands.find((one) => one.name() === name);
    if (!command || !isObject(values)) {
      throw new InvalidArgumentError({
        argument: `${name} in ${file}`,
        expected: `flags of a command: ${root.commands.map((one) => one.name()).join(', ')}`,
        received: values,
      });
    }
    for (const [key, value] of Object.entries(values)) setOption(command, key, value, file);
  }
}

function readConfiguration(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new FileError({ file, problem: 'is no JSON', fix: 'Expected flags by command.', cause: error });
  }
  throw new FileError({ file, problem: 'is no JSON object', fix: 'Expected flags by command.' });
}

function setOption(command: Command, key: string, value: unknown, file: string): void {
  const option = command.options.find((one) => one.attributeName() === key && !one.negate);
  const argument = `${command.name()}.${key} in ${file}`;
  if (!option) {
    const names = [...new Set(command.options.map((one) => one.attributeName()))];
    throw new InvalidArgumentError({ argument, expected: `one of ${names.join(', ')}`, received: value });
  }
  command.setOptionValueWithSource(key, parsedValue(option, value, argument), 'config');
}

function parsedValue(option: Option, value: unknown, argument: string): unknown {
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value;
    throw new InvalidArgumentError({ argument, expected: 'true or false', received: value });
  }
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  if (Array.isArray(value) && !option.variadic && !option.parseArg) {
    throw new InvalidArgumentError({ argument, expected: 'one value', received: value });
  }
  try {
    const parse = option.parseArg;
    if (!parse) return option.variadic ? texts : texts[0];
    return texts.reduce<unknown>((previous, text) => parse(text, previous), undefined);
  } catch (error) {
    const expected = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError({ argument, expected, received: value });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
