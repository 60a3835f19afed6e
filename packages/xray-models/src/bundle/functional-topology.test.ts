import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { BatchNormalization } from '../layers/batch-normalization.js';
import { Dropout } from '../layers/dropout.js';
import { functionalTopology } from './functional-topology.js';
import { modelFromTopology } from './model-from-topology.js';

const models: LayersModel[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

/** Stock layers that this package replaces by its own. */
const parts = (name: string, inputShape?: number[]) => [
  layers.conv2d({ filters: 3, kernelSize: 2, name: `${name}_conv`, ...(inputShape ? { inputShape } : {}) }),
  layers.batchNormalization({ name: `${name}_norm` }),
  layers.dropout({ rate: 0.3, name: `${name}_dropout` }),
];

async function copyOf(model: LayersModel): Promise<LayersModel> {
  const topology = JSON.parse(JSON.stringify(model.toJSON(null, false)));
  const copy = await modelFromTopology(topology);
  copy.setWeights(model.getWeights());
  models.push(model, copy);
  return copy;
}

function expectSameOutput(a: LayersModel, b: LayersModel): void {
  tf.tidy(() => {
    const images = tf.randomUniform([2, 6, 6, 1], 0, 1, 'float32', 3);
    expect((a.predict(images) as tf.Tensor).dataSync()).toEqual((b.predict(images) as tf.Tensor).dataSync());
  });
}

describe('sequential models', () => {
  it.each([
    ['with the shape in the first layer', () => sequential({ layers: parts('a', [6, 6, 1]) })],
    [
      'with an input layer',
      () => sequential({ layers: [layers.inputLayer({ inputShape: [6, 6, 1] }), ...parts('a')] }),
    ],
    [
      'within a sequential model',
      () => sequential({ layers: [sequential({ layers: parts('a', [6, 6, 1]) }), ...parts('b')] }),
    ],
  ])('come back with the layers of this package: %s', async (_, create) => {
    const model = create();
    const copy = await copyOf(model);
    expectSameOutput(model, copy);
    const inner =
      (copy.layers.find((layer) => 'layers' in layer) as unknown as LayersModel | undefined) ?? copy;
    expect(inner.getLayer('a_norm')).toBeInstanceOf(BatchNormalization);
    expect(inner.getLayer('a_dropout')).toBeInstanceOf(Dropout);
  });

  it('are read from files of Keras, too, which wrap the model and may list layers alone', () => {
    const { class_name, config } = sequential({ layers: parts('a', [6, 6, 1]) }).toJSON(
      null,
      false,
    ) as unknown as {
      class_name: string;
      config: { layers: object[] };
    };
    const wrapped = functionalTopology({
      model_config: { class_name, config: config.layers },
      keras_version: '2.3.0',
    });
    expect(wrapped).toMatchObject({
      keras_version: '2.3.0',
      model_config: {
        class_name: 'Model',
        config: { input_layers: [['a_conv_input', 0, 0]], output_layers: [['a_dropout', 0, 0]] },
      },
    });
  });

  it('leaves graphs as they are', () => {
    const topology = {
      class_name: 'Model',
      config: { name: 'graph', layers: [{ class_name: 'Dense', config: { name: 'a' } }] },
    };
    expect(functionalTopology(topology)).toEqual(topology);
  });
});
