import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootCommand } from '../commands/root-command.js';
import { applyConfiguration } from './configuration.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-configuration-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Values of a command's flags after all sources and the words were read; the command is not run. */
async function valuesOf(
  words: readonly string[],
  file: unknown,
  environment: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  await writeFile(join(folder, 'xray.config.json'), text);
  const root = rootCommand();
  const command = root.commands.find((one) => one.name() === words[0])!;
  command.action(() => {});
  applyConfiguration(root, { words, environment, folder });
  await root.parseAsync(words, { from: 'user' });
  return command.opts();
}

describe('applyConfiguration', () => {
  it('takes what is typed first, the environment second, the file third, the default last', async () => {
    const file = { train: { seed: 1, epochs: 1, batchSize: 1, onBadImage: 'skip' } };
    const environment = { XRAY_SEED: '2', XRAY_EPOCHS: '2' };
    const values = await valuesOf(['train', '--seed', '3'], file, environment);
    expect(values).toMatchObject({ seed: 3, epochs: 2, batchSize: 1, onBadImage: 'skip', recipe: 'robust' });
  });

  it('does not mix values of flags that collect', async () => {
    const file = { evaluate: { model: ['a', 'b'], data: 'images' } };
    expect((await valuesOf(['evaluate'], file)).model).toEqual(['a', 'b']);
    expect((await valuesOf(['evaluate', '--model', 'c'], file)).model).toEqual(['c']);
    expect((await valuesOf(['evaluate', '--model=c'], file)).model).toEqual(['c']);
    expect((await valuesOf(['evaluate'], file, { XRAY_MODEL: 'd' })).model).toEqual(['d']);
  });

  it('reads flags without a value, and their opposites', async () => {
    expect((await valuesOf(['train'], { train: { shifts: true } })).shifts).toBe(true);
    expect((await valuesOf(['train', '--no-shifts'], { train: { shifts: true } })).shifts).toBe(false);
    expect((await valuesOf(['train'], {}, { XRAY_SHIFTS: '0' })).shifts).toBe(false);
    expect((await valuesOf(['train'], {}, { XRAY_SHIFTS: 'yes' })).shifts).toBe(true);
  });

  it.each([
    ['no JSON', '{', /xray\.config\.json: is no JSON\. Expected flags by command/],
    ['no object', '[]', /is no JSON object/],
    ['an unknown command', { trian: {} }, /`trian in .* must be the flags of a command: train, /],
    ['an unknown flag', { train: { epoch: 1 } }, /`train\.epoch in .* must be one of .*epochs/],
    ['a wrong number', { train: { epochs: 0 } }, /`train\.epochs in .*It must be at least 1/],
    ['a wrong choice', { train: { onBadImage: 'stop' } }, /Allowed choices are fail, skip/],
    ['a wrong type', { train: { seed: {} } }, /one text or number/],
    ['a text for a switch', { train: { resume: 'yes' } }, /true or false/],
  ])('says what is wrong with %s', async (_, file, message) => {
    await expect(valuesOf(['train'], file)).rejects.toThrow(message);
  });

  it('says which variable is wrong, and leaves alone those with a meaning of their own', async () => {
    await expect(valuesOf(['train'], {}, { XRAY_SEED: 'x' })).rejects.toThrow(/`XRAY_SEED` must be/);
    expect((await valuesOf(['train'], {}, { XRAY_DEVICE: 'wasm' })).device).toBeUndefined();
  });
});
