import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { horizontalFlip } from 'xray-augment';
import { NORMAL_PNEUMONIA as classList, createRandom, type Sample } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset, splitByPatient } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { type Device, selectDevice } from 'xray-node-gpu';
import { evaluate, train } from 'xray-train';

const SIZE = { height: 48, width: 48 };
const SEED = 11;

let device: Device;
beforeAll(async () => {
  device = await selectDevice({ require: 'wasm' });
});
afterAll(() => device.dispose());

/** Trains the CNN on synthetic X-rays and gives its AUROC on test patients. */
async function testAuroc(relabel: (samples: readonly Sample[]) => readonly Sample[]): Promise<number> {
  const { samples: drawn, decode } = createSyntheticDataset({
    patientsPerFinding: { normal: 120, bacterial: 70, viral: 70 },
    severity: 3,
    seed: SEED,
    ...SIZE,
  });
  const samples = relabel(drawn);
  const splits = splitByPatient(samples, { classList, validationShare: 0.15, testShare: 0.3, seed: SEED });
  const store = await createPixelStore(samples, { decode, rule: SIZE });
  const batches = (side: readonly Sample[], shuffle = false) =>
    createBatches({ store, samples: side, classList, batchSize: 16, shuffle, seed: SEED });
  const model = createCnn({ imageShape: [48, 48, 1], channels: 1, seed: SEED });
  await train({
    model,
    train: batches(splits.train, true),
    validation: batches(splits.validation),
    epochs: 8,
    learningRate: 1e-3,
    augmentation: horizontalFlip(),
    seed: SEED,
  });
  const { evaluation } = await evaluate(model, batches(splits.test));
  model.dispose();
  return evaluation.auroc!;
}

/** Gives every patient the finding of another one, test patients included: nothing is left to learn. */
function shuffleLabels(samples: readonly Sample[]): Sample[] {
  const findings = [...new Map(samples.map(({ patientId, finding }) => [patientId, finding]))];
  const shuffled = createRandom(SEED)
    .stream('shuffled labels')
    .shuffle(findings.map(([, finding]) => finding));
  const assigned = new Map(findings.map(([patientId], index) => [patientId, shuffled[index]!]));
  return samples.map((sample) => ({ ...sample, finding: assigned.get(sample.patientId)! }));
}

describe('training on synthetic X-rays', () => {
  it('tells pneumonia from normal on patients it has not seen', async () => {
    expect(await testAuroc((samples) => samples)).toBeGreaterThan(0.9);
  });

  it('learns nothing from shuffled labels', async () => {
    // 78 test patients: the standard error of a chance AUROC is 0.066; the bounds are three of them away. A patient on
    // both sides, or a label that leaks into the pixels, would lift it.
    const auroc = await testAuroc(shuffleLabels);
    expect(auroc).toBeGreaterThan(0.3);
    expect(auroc).toBeLessThan(0.7);
  });

  it('stops on wasm, too, when the numbers blow up', async () => {
    const { samples, decode } = createSyntheticDataset({
      patientsPerFinding: 6,
      seed: SEED,
      height: 32,
      width: 32,
    });
    const { train: side, validation } = splitByPatient(samples, { classList, seed: SEED });
    const store = await createPixelStore(samples, { decode, rule: { height: 32, width: 32 } });
    const batches = (part: readonly Sample[]) =>
      createBatches({ store, samples: part, classList, batchSize: 8 });
    const model = createCnn({ imageShape: [32, 32, 1], channels: 1, filters: [4], seed: SEED });
    const run = train({
      model,
      train: batches(side),
      validation: batches(validation),
      epochs: 1,
      learningRate: 1e30,
      seed: SEED,
    });
    await expect(run).rejects.toThrow(/The loss became NaN in epoch 1, batch \d+ .* at learning rate 1e\+30/);
    model.dispose();
  });
});
