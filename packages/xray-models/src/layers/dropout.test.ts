import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { dropout } from './dropout.js';

const SHAPE = [6, 500] as const;
const masked = (layer: ReturnType<typeof dropout>, samples: number = SHAPE[0]): number[][] =>
  tf.tidy(
    () =>
      (
        layer.apply(tf.ones([samples, SHAPE[1]]), { training: true }) as tf.Tensor2D
      ).arraySync() as number[][],
  );

describe('dropout', () => {
  it('keeps the expected value: zeros at the rate, the rest scaled up', () => {
    const values = masked(dropout({ rate: 0.25, seed: 3 }), 40).flat();
    const kept = Math.fround(1 / 0.75);
    const dropped = values.filter((value) => value === 0).length / values.length;

    expect(new Set(values)).toEqual(new Set([0, kept]));
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / values.length));
  });

  it('does nothing outside training', () => {
    tf.tidy(() => {
      const layer = dropout({ rate: 0.5 });
      const input = tf.ones([2, 10]);
      expect(Array.from((layer.apply(input) as tf.Tensor).dataSync())).toEqual(new Array(20).fill(1));
    });
  });

  it('draws a new mask every step, and the same one for the same step', () => {
    const layer = dropout({ rate: 0.5, seed: 3, name: 'a' });
    const at = (step: number) => {
      layer.beginTrainingStep({ step, sampleOffset: 0 });
      return masked(layer);
    };
    expect(at(0)).not.toEqual(at(1));
    expect(at(1)).toEqual(at(1));
    const rows = at(2).map((row) => row.join());
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('gives a sample the same mask in any micro-batch', () => {
    const layer = dropout({ rate: 0.5, seed: 3, name: 'a' });
    layer.beginTrainingStep({ step: 9, sampleOffset: 0 });
    const whole = masked(layer, 6);
    layer.beginTrainingStep({ step: 9, sampleOffset: 4 });

    expect(masked(layer, 2)).toEqual(whole.slice(4));
  });

  it('differs between seeds and between layers', () => {
    const mask = (seed: number, name: string) => {
      const layer = dropout({ rate: 0.5, seed, name });
      layer.beginTrainingStep({ step: 0, sampleOffset: 0 });
      return masked(layer);
    };
    expect(mask(1, 'a')).not.toEqual(mask(2, 'a'));
    expect(mask(1, 'a')).not.toEqual(mask(1, 'b'));
  });

  it('never repeats a mask when nobody counts the steps', () => {
    const layer = dropout({ rate: 0.5 });
    expect(masked(layer)).not.toEqual(masked(layer));
  });

  it('passes gradients through kept values only', () => {
    tf.tidy(() => {
      const layer = dropout({ rate: 0.5, seed: 1 });
      layer.beginTrainingStep({ step: 0, sampleOffset: 0 });
      const input = tf.ones([2, 50]);
      const output = layer.apply(input, { training: true }) as tf.Tensor;
      const gradient = tf.grad((x) => layer.apply(x, { training: true }) as tf.Tensor)(input);
      expect(Array.from(gradient.dataSync())).toEqual(Array.from(output.dataSync()));
    });
  });
});
