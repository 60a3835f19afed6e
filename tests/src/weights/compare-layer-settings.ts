/**
 * Compares layers and their settings, one by one, with what Keras gives, loaded from every format that Keras writes:
 *
 *   python packages/xray-models/scripts/make-layer-settings.py <folder>   # with Keras 2 and with Keras 3
 *   pnpm exec tsx --conditions=@xray/source tests/src/weights/compare-layer-settings.ts <folder>
 *
 * Each has to give the same, also after it was saved and loaded by TensorFlow.js, or to be refused. Prints how many did which, and
 * those that did neither.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { XrayError } from 'xray-core';
import { loadKerasModel } from 'xray-models';
import { readFileBytes } from 'xray-models/node';

/** Of a value, relative to 1 or to the value where that is more. */
const TOLERANCE = 2e-5;

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Network {
  readonly expression: string;
  readonly file: string;
  readonly inputs: readonly Stored[];
  readonly outputs: readonly Stored[];
}

type Outcome = 'same' | 'refused' | 'fails' | 'differs';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Name the folder that make-layer-settings.py has written.');
for (const version of ['keras2', 'keras3']) {
  const file = join(folder, version, 'reference.json');
  if (!existsSync(file)) continue;
  const { keras, networks } = JSON.parse(readFileSync(file, 'utf8')) as {
    keras: string;
    networks: readonly Network[];
  };
  for (const extension of ['keras', 'h5']) {
    const counts: Record<Outcome, number> = { same: 0, refused: 0, fails: 0, differs: 0 };
    for (const network of networks) {
      const outcome = await tryNetwork(network, join(folder, version, `${network.file}.${extension}`));
      counts[outcome]++;
      if (outcome === 'fails' || outcome === 'differs') console.log(`${outcome}: ${network.expression}`);
    }
    console.log(`Keras ${keras}, ${networks.length} networks as .${extension}:`, counts);
    if (counts.differs > 0) process.exitCode = 1;
  }
}

async function tryNetwork(network: Network, file: string): Promise<Outcome> {
  let model: LayersModel;
  try {
    model = await loadKerasModel(await readFileBytes(file));
  } catch (error) {
    if (XrayError.isInstance(error)) return 'refused';
    throw error;
  }
  try {
    if (!givesTheSame(model, network)) return 'differs';
    const copy = await savedAndLoaded(model);
    const isSame = givesTheSame(copy, network);
    copy.dispose();
    return isSame ? 'same' : 'differs';
  } catch (error) {
    console.log(`${error}`.split('\n')[0]);
    return 'fails';
  } finally {
    model.dispose();
  }
}

async function savedAndLoaded(model: LayersModel): Promise<LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async ({ weightData, ...others }) => {
      saved = { ...JSON.parse(JSON.stringify(others)), weightData };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return loadLayersModel(tf.io.fromMemory(saved!));
}

function givesTheSame(model: LayersModel, { inputs, outputs }: Network): boolean {
  return tf.tidy(() => {
    const given = inputs.map(({ values, shape }) => tf.tensor(values, shape));
    const found = [model.predict(given.length === 1 ? given[0]! : given)].flat();
    return outputs.every(({ values, shape }, place) => {
      if (String(found[place]!.shape) !== String(shape)) return false;
      const numbers = found[place]!.dataSync();
      return values.every(
        (value, at) => Math.abs(numbers[at]! - value) <= TOLERANCE * Math.max(1, Math.abs(value)),
      );
    });
  });
}
