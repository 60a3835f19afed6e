import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';
import { runXray } from '../run-program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-transfer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SMALL = ['--limit', '12', '--seed', '3', '--workers', '1'];
const text = (...path: string[]) => readFile(join(folder, ...path), 'utf8');
const layerNames = async (run: string) => {
  const { model, metadata } = await loadBundle(modelFolder(join(folder, run, 'model')));
  const names = model.layers.map(({ name }) => name);
  model.dispose();
  return { names, architecture: metadata.architecture };
};

describe('cnn-transfer-3-classes', () => {
  it('trains both networks, and resumes in the middle to the same result', { timeout: 120_000 }, async () => {
    const args = [...SMALL, '--image-size', '190', '--epochs', '2', '--output'];
    const whole = await runXray('train --recipe cnn-transfer', [...args, join(folder, 'whole')]);
    expect(whole.code, whole.stderr).toBe(0);
    expect(whole.stderr).toContain('Phase 1 of 1: head');
    expect(await readdir(join(folder, 'whole'))).not.toContain('features');
    const { names, architecture } = await layerNames('whole');
    expect(architecture).toBe('cnn-on-cnn');
    expect(names).toEqual(
      expect.arrayContaining(['block3_pool', 'head_convolution_3', 'head_probabilities']),
    );

    let killed = false;
    const interrupted = await runXray(
      'train --recipe cnn-transfer',
      [...args, join(folder, 'parts')],
      (stderr, kill) => {
        if (killed || !/Phase 1 of 1[\s\S]*epoch 1\/2/.test(stderr)) return;
        killed = true;
        kill('SIGINT');
      },
    );
    expect(interrupted.code).not.toBe(0);
    const resumed = await runXray('train --recipe cnn-transfer', [
      ...args,
      join(folder, 'parts'),
      '--resume',
    ]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(await text('parts', 'predictions.csv')).toBe(await text('whole', 'predictions.csv'));
  });

  it('takes the first network from a run, and says what is wrong with it', { timeout: 60_000 }, async () => {
    const args = [...SMALL, '--image-size', '190', '--epochs', '1', '--output', join(folder, 'based')];
    const missing = await runXray('train --recipe cnn-transfer', [
      ...args,
      '--base',
      join(folder, 'nothing'),
    ]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/nothing.*model\.json/s);
  });
});

describe('inception-v3-3-classes', () => {
  it('offers only augmentations whose features can be stored', async () => {
    for (const recipe of ['inception-v3', 'cnn-transfer']) {
      const end = await runXray(`train --recipe ${recipe}`, ['--augmentation', 'chest-xray']);
      expect(end.code).toBe(1);
      expect(end.stderr).toContain('must be one of reference-study, none, because');
    }
  });

  it('names a layer that is not there before it trains', { timeout: 60_000 }, async () => {
    const args = [...SMALL, '--image-size', '75', '--output', join(folder, 'no-layer')];
    const end = await runXray('train --recipe inception-v3', [...args, '--fine-tune-from', 'mixed88']);
    expect(end.stderr).toContain('`--fine-tune-from` must be the name of a layer of the network');
    expect(end.stderr).not.toMatch(/features|Phase/);
  });

  it('trains a head on features and fine-tunes the last blocks', { timeout: 120_000 }, async () => {
    const tuning = ['--fine-tune-from', 'mixed9', '--fine-tune-epochs', '1'];
    const args = [
      ...SMALL,
      '--image-size',
      '75',
      '--epochs',
      '1',
      ...tuning,
      '--output',
      join(folder, 'inception'),
    ];
    const end = await runXray('train --recipe inception-v3', args);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toMatch(/Phase 1 of 2: head[\s\S]*Phase 2 of 2: fine-tune/);
    expect((await layerNames('inception')).names).toEqual(
      expect.arrayContaining(['mixed10', 'head_dense_2']),
    );
    expect(await text('inception', 'report.html')).toContain('Phases: head (epoch 1), fine-tune (epoch 2)');
    expect((await text('inception', 'history.csv')).trim().split('\n')).toHaveLength(3);
  });
});
