import { describe, expect, it } from 'vitest';
import { smallCnn } from '../__fixtures__/sample-report.js';
import { modelDrawing } from './model-drawing.js';

const boxesOf = (text: string) => text.match(/<svg /g)?.length ?? 0;

describe('modelDrawing', () => {
  it('has a box per layer and one for the input, with the shapes on the arrows', () => {
    const { text } = modelDrawing({ name: 'cnn', inputShape: [224, 224, 3], layers: smallCnn(3) });
    expect(boxesOf(text)).toBe(10);
    for (const words of ['>224×224<', '>× 3<', '>52×52<', '>× 128<', '>86,528<', '>259,587 parameters<']) {
      expect(text).toContain(words);
    }
  });

  it('draws no second input when the first layer is one', () => {
    const input = {
      name: 'input',
      type: 'InputLayer',
      outputShape: [null, 224, 224, 1],
      parameters: 0,
      trainableParameters: 0,
    };
    const { text } = modelDrawing({
      name: 'cnn',
      inputShape: [224, 224, 1],
      layers: [input, ...smallCnn(3)],
    });
    expect(boxesOf(text)).toBe(10);
  });

  it('marks frozen layers', () => {
    const layers = smallCnn(3).map((layer) => ({ ...layer, trainableParameters: 0 }));
    const { text } = modelDrawing({ name: 'cnn', layers });
    expect(text.match(/parameters, frozen/g)).toHaveLength(4); // three convolutions and the dense layer
    expect(text.match(/class="box \w+ frozen"/g)).toHaveLength(4);
  });

  it('writes finite coordinates for any shape', () => {
    const shapes = [
      [null],
      [null, null],
      [null, 1],
      [null, 5, 7],
      [null, null, null, null],
      [null, 4096, 4096, 4096],
      [null, 1, 2, 3, 4],
    ];
    const layers = shapes.map((outputShape, index) => ({
      name: `${index}`,
      type: 'Lambda',
      outputShape,
      parameters: 0,
      trainableParameters: 0,
    }));
    const { text } = modelDrawing({ name: 'odd', layers });
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});
