import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { FileError, InvalidArgumentError } from 'xray-core';

/** The file in the folder that a program is started in. */
const CONFIGURATION_FILE = 'xray.config.json';

/** Variables that other code reads. */
const RESERVED = new Set(['XRAY_DEVICE', 'XRAY_WASM']);

/** Where values come from that were not typed. */
export interface ConfigurationSources {
  /** Words of the command line, without node and script name. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `xray.config.json` may lie. */
  readonly folder: string;
}

/**
 * Gives commands the values that the environment (`XRAY_BATCH_SIZE` for `--batch-size`) and `xray.config.json`
 * (`{ "train": { "batchSize": 16 } }`) have for their flags. What is typed comes first, the environment second, the file third.
 *
 * @throws {FileError} If the file is no JSON object.
 * @throws {InvalidArgumentError} If it names a command or a flag that does not exist, or a flag cannot have a value.
 */
export function applyConfiguration(root: Command, sources: ConfigurationSources): void {
  const file = resolve(sources.folder, CONFIGURATION_FILE);
  for (const [name, values] of Object.entries(readConfiguration(file))) {
    const command = root.commands.find((one) => one.name() === name);
    if (!command || !isObject(values)) {
      throw new InvalidArgumentError({
        argument: `${name} in ${file}`,
        expected: `the flags of a command: ${root.commands.map((one) => one.name()).join(', ')}`,
        received: values,
      });
    }
    for (const [key, value] of Object.entries(values)) {
      const argument = `${name}.${key} in ${file}`;
      const option = flagsOf(command).find((one) => one.attributeName() === key);
      if (!option) {
        const names = flagsOf(command).map((one) => one.attributeName());
        throw new InvalidArgumentError({ argument, expected: `one of ${names.join(', ')}`, received: value });
      }
      setValue(command, option, parsedValue(option, value, argument), 'config', sources);
    }
  }
  const started = root.commands.find((one) => sources.words.includes(one.name()));
  for (const option of started ? flagsOf(started) : []) {
    const variable = variableOf(option);
    const value = RESERVED.has(variable) ? undefined : sources.environment[variable];
    if (value === undefined) continue;
    setValue(started!, option, parsedValue(option, booleanOf(option, value), variable), 'env', sources);
  }
}

const flagsOf = (command: Command) => command.options.filter(({ negate }) => !negate);

/** `XRAY_BATCH_SIZE` of `--batch-size`. */
const variableOf = (option: Option) =>
  `XRAY_${option.attributeName().replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;

/** A value beside one that was typed is left alone: flags that can be given several times would collect both. */
function setValue(
  command: Command,
  option: Option,
  value: unknown,
  source: 'config' | 'env',
  { words }: ConfigurationSources,
): void {
  const name = option.long!.slice(2);
  const isTyped = words.some((word) => [`--${name}`, `--no-${name}`].includes(word.split('=')[0]!));
  if (!isTyped) command.setOptionValueWithSource(option.attributeName(), value, source);
}

function readConfiguration(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new FileError({ file, problem: 'could not be read', cause: error });
  }
  const fix = 'Expected flags by command, as in { "train": { "seed": 3 } }.';
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new FileError({ file, problem: 'is no JSON', fix, cause: error });
  }
  throw new FileError({ file, problem: 'is no JSON object', fix });
}

/** Texts of the environment for flags without a value. */
function booleanOf(option: Option, text: string): unknown {
  if (!option.isBoolean()) return text;
  if (['1', 'true', 'yes'].includes(text)) return true;
  return ['', '0', 'false', 'no'].includes(text) ? false : text;
}

/** A value as the command line would have read it. */
function parsedValue(option: Option, value: unknown, argument: string): unknown {
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value;
    throw new InvalidArgumentError({ argument, expected: 'true or false', received: value });
  }
  const values = Array.isArray(value) ? value : [value];
  const isText = values.every((one) => ['string', 'number'].includes(typeof one));
  if (!isText || values.length === 0 || (values.length > 1 && !option.variadic && !option.parseArg))
    throw new InvalidArgumentError({ argument, expected: 'one text or number', received: value });
  const texts = values.map(String);
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
