/**
 * Compares whole networks, loaded from every format that Keras writes, with what Keras gives, layer by layer:
 *
 *   python packages/xray-models/scripts/make-whole-networks.py <folder>   # with Keras 2 and with Keras 3
 *   pnpm exec tsx --conditions=@xray/source tests/src/weights/compare-whole-networks.ts <folder>
 *
 * Prints a table: the largest difference in any value of any of the layers, relative to the largest value of that layer.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import {
  createInceptionV3,
  createMobileNetV2,
  loadKerasModel,
  loadPretrainedWeights,
  readKerasWeights,
} from 'xray-models';
import { readFileBytes } from 'xray-models/node';
import { selectDevice } from 'xray-node-gpu';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Name the folder that make-whole-networks.py has written.');
const device = await selectDevice({ require: 'wasm' });
const FACTORIES = { 'inception-v3': createInceptionV3, 'mobilenet-v2': createMobileNetV2 };
const floats = (name: string) => new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);

console.log(`device: ${device.description}; Node ${process.version}\n`);
console.log('| File | Loaded | By | Largest difference | In |\n| --- | --- | --- | --- | --- |');
for (const file of readdirSync(folder)
  .filter((name) => /\.(h5|keras)$/.test(name))
  .sort()) {
  const [, network, version] = /^(.+)-(keras\d)-/.exec(file) as unknown as [
    string,
    keyof typeof FACTORIES,
    string,
  ];
  const facts = JSON.parse(readFileSync(join(folder, `${network}-${version}.json`), 'utf8')) as Facts;
  const expected = floats(`${network}-${version}.bin`);
  const image = floats(`${network}-image.bin`);
  const bytes = await readFileBytes(join(folder, file));
  const report = (model: LayersModel, how: string, by: string) => {
    const { difference, layer } = compare(model, image, facts, expected);
    console.log(`| ${file} | ${how} | ${by} | ${difference.toExponential(1)} | ${layer} |`);
    model.dispose();
  };
  const own = FACTORIES[network]({ imageShape: [facts.size, facts.size, 3], rescale: false });
  const { by, unused } = loadPretrainedWeights(own, await readKerasWeights(bytes));
  if (unused.length > 0) throw new Error(`${file}: not used: ${unused.join(', ')}`);
  report(own, 'weights', by);
  if (!file.includes('weights')) report(await loadKerasModel(bytes), 'model', '');
}

interface Facts {
  readonly size: number;
  readonly layers: readonly string[];
  readonly shapes: readonly (readonly number[])[];
}

function compare(model: LayersModel, image: Float32Array, facts: Facts, expected: Float32Array) {
  const { size, layers, shapes } = facts;
  const outputs = layers.map((name) => model.getLayer(name).output as never);
  const parts = modelOf({ inputs: model.inputs, outputs });
  let worst = { difference: 0, layer: '' };
  tf.tidy(() => {
    const results = parts.predict(tf.tensor4d(image, [1, size, size, 3])) as tf.Tensor[];
    let start = 0;
    layers.forEach((layer, index) => {
      const found = results[index]!.dataSync();
      if (String(results[index]!.shape.slice(1)) !== String(shapes[index]))
        throw new Error(`${layer} has another shape`);
      const values = expected.subarray(start, start + found.length);
      start += found.length;
      let largest = 0;
      let difference = 0;
      values.forEach((value, at) => {
        largest = Math.max(largest, Math.abs(value));
        difference = Math.max(difference, Math.abs(value - found[at]!));
      });
      if (!(difference / largest <= worst.difference)) worst = { difference: difference / largest, layer };
    });
    if (start !== expected.length) throw new Error(`${expected.length - start} values were not compared`);
  });
  return worst;
}
