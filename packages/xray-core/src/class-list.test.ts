import { describe, expect, it } from 'vitest';
import {
  checkOutputs,
  classListOf,
  labelOf,
  NORMAL_BACTERIAL_VIRAL,
  NORMAL_PNEUMONIA,
} from './class-list.js';

describe('labelOf', () => {
  it.each([
    ['normal', 0, 0],
    ['bacterial', 1, 1],
    ['viral', 1, 2],
  ])('maps %s to %i of two and %i of three classes', (finding, two, three) => {
    expect(labelOf(NORMAL_PNEUMONIA, finding)).toBe(two);
    expect(labelOf(NORMAL_BACTERIAL_VIRAL, finding)).toBe(three);
  });

  it('refuses findings that the list does not cover, and lists those that it does', () => {
    expect(() => labelOf(NORMAL_BACTERIAL_VIRAL, 'pneumonia')).toThrow(
      '`finding` must be one of normal, bacterial, viral for the classes [normal, bacterial, viral]. Received: "pneumonia".',
    );
    expect(() => labelOf(NORMAL_PNEUMONIA, 'toString')).toThrow('Received: "toString"');
  });
});

describe('classListOf', () => {
  it('makes every finding its own class, in the given order', () => {
    const classList = classListOf(['clear', 'covid', 'viral']);
    expect(['clear', 'covid', 'viral'].map((finding) => labelOf(classList, finding))).toEqual([0, 1, 2]);
  });

  it('wants at least two different names', () => {
    expect(() => classListOf(['normal'])).toThrow('at least two different class names');
    expect(() => classListOf(['normal', 'normal'])).toThrow('at least two different class names');
  });
});

describe('checkOutputs', () => {
  it('accepts one output per class and names both sides otherwise', () => {
    checkOutputs(NORMAL_PNEUMONIA, [null, 2], 'Rebuild it.');
    expect(() => checkOutputs(NORMAL_PNEUMONIA, [null, 3], 'Rebuild it.')).toThrow(
      'The model must have the classes [normal, pneumonia] in this order. Received: [output 0, output 1, output 2]. Rebuild it.',
    );
  });
});
