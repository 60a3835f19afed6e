import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { expectKerasOutputs } from '../__fixtures__/formula-weights.js';
import reference from '../__fixtures__/mobilenet-v2-reference.json' with { type: 'json' };
import { createMobileNetV2 } from './create-mobilenet-v2.js';

describe('createMobileNetV2', () => {
  // Counts of keras.applications.MobileNetV2.
  it.each([
    [{}, 2_257_984, [null, 7, 7, 1280]],
    [{ includeTop: true }, 3_538_984, [null, 1000]],
    [{ alpha: 0.35, imageShape: [96, 96, 3] }, 410_208, [null, 3, 3, 1280]],
    [{ alpha: 1.4, imageShape: [128, 128, 1], pooling: 'average' }, 4_363_712, [null, 1792]],
  ] as const)('with %j has %i parameters and gives %j', (options, parameters, outputShape) => {
    const model = createMobileNetV2(options);
    expect([model.countParams(), model.outputShape]).toEqual([parameters, outputShape]);
    model.dispose();
  });

  it("names its layers as Keras' weight files do", () => {
    const model = createMobileNetV2({ imageShape: [96, 96, 3] });
    const names = model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name);
    expect(names.toSorted()).toEqual(reference.weightedLayers.toSorted());
    model.dispose();
  });

  it("gives what Keras' network gives with the same weights", () => {
    const model = createMobileNetV2({ imageShape: [reference.size, reference.size, 3] });
    expectKerasOutputs(model, reference);
    model.dispose();
  });

  it('explains what it cannot build', () => {
    expect(() => createMobileNetV2({ imageShape: [31, 64, 1] })).toThrow('at least 32x32 whole pixels');
    expect(() => createMobileNetV2({ alpha: 0 })).toThrow('`alpha` must be a positive number');
  });
});
