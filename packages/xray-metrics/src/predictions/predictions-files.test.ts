import { describe, expect, it } from 'vitest';
import type { Predictions } from 'xray-core';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { predictionsToCsv } from './predictions-csv.js';
import { predictionsFromCsv } from './predictions-from-csv.js';
import { predictionsFromJson, predictionsToJson } from './predictions-json.js';

const AWKWARD: Predictions = {
  ...randomPredictions({ seed: 3, size: 3, classCount: 3 }),
  ids: ['a,b', 'say "hi"', ' two\nlines '],
  classNames: ['normal', 'bacterial, typical', 'viral'],
};
const MANY = randomPredictions({ seed: 4, size: 30_000, classCount: 2 });

describe('CSV and JSON', () => {
  it.each([
    ['awkward names', AWKWARD],
    ['more rows than a chunk', MANY],
    ['extremes', { ...MANY, ids: ['a'], labels: Int32Array.of(1), probabilities: Float32Array.of(1e-38, 1) }],
  ])('give back %s bit for bit', (_, predictions) => {
    expect(predictionsFromCsv(predictionsToCsv(predictions))).toEqual(predictions);
    expect(predictionsFromJson(predictionsToJson(predictions))).toEqual(predictions);
  });

  it('carry patients and how images were averaged', () => {
    const patientIds = ['p1', 'p1', 'p,2'];
    const ofPatients = { ...AWKWARD, patientIds };
    expect(predictionsFromCsv(predictionsToCsv(ofPatients))).toEqual(ofPatients);
    const averaged = { ...ofPatients, testTimeAugmentation: { name: 'flip', copies: 2, seed: null } };
    expect(predictionsFromJson(predictionsToJson(averaged))).toEqual(averaged);
  });

  it('are short', () => {
    const predictions = {
      ...MANY,
      ids: ['a'],
      labels: Int32Array.of(1),
      probabilities: Float32Array.of(0.1, 0.9),
    };
    expect(predictionsToCsv(predictions)).toBe(
      'id,label,predicted,p_class-0,p_class-1\na,class-1,class-1,0.1,0.9\n',
    );
  });
});

describe('predictionsToCsv', () => {
  it('names the class of each image at the threshold', () => {
    const predictions = {
      ...{ ids: ['a', 'b'], classNames: ['normal', 'pneumonia'], labels: Int32Array.of(1, 0) },
      probabilities: Float32Array.of(0.75, 0.25, 0.5, 0.5),
    };
    expect(predictionsToCsv(predictions, { threshold: 0.375 })).toBe(
      'id,label,predicted,p_normal,p_pneumonia\na,pneumonia,normal,0.75,0.25\nb,normal,pneumonia,0.5,0.5\n',
    );
  });
});

describe('predictionsFromCsv', () => {
  it('reads a table of another program', () => {
    const text = '\uFEFFimage;truth;score;extra\r\n1.png;1;0.75;x\r\n\r\n2.png;0;0.5;y\r\n';
    const predictions = predictionsFromCsv(text, {
      classNames: ['healthy', 'sick'],
      columns: { id: 'image', label: 'truth', probabilities: 'score' },
    });
    expect(predictions).toEqual({
      ids: ['1.png', '2.png'],
      classNames: ['healthy', 'sick'],
      labels: Int32Array.of(1, 0),
      probabilities: Float32Array.of(0.25, 0.75, 0.5, 0.5),
    });
  });

  it.each([
    ['', /predictions.csv: is empty/],
    ['id,label,p_a,p_b\n', /names columns but has no rows/],
    ['id,p_a,p_b\nx,1,0\n', /lacks the column label; it has: id, p_a, p_b/],
    ['id,label,a,b\nx,a,1,0\n', /no column that begins with p_/],
    ['id,label,p_a,p_b\nx,a,1,0\ny,c,1,0\n', /has the label "c" in row 3. Expected one of a, b, or an index/],
    ['id,label,p_a,p_b\nx,a,1,\n', /has "" in row 2, column p_b/],
    ['id,label,p_a,p_b\nx,a,1\n', /has 3 cells in row 2, expected 4/],
    ['id,label,p_a,p_b\n"x,a,1,0\n', /has a quote that does not end/],
    ['id,label,p_a,p_b\nx,a,0.9,0.3\n', /rows that sum to 1/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => predictionsFromCsv(text)).toThrow(message);
  });

  it('refuses another number of classes than of columns', () => {
    const options = { classNames: ['a', 'b', 'c'] };
    expect(() => predictionsFromCsv('id,label,p_a,p_b\nx,a,1,0\n', options)).toThrow(/2 columns.*3 classes/);
  });
});

describe('predictionsFromJson', () => {
  it.each([
    ['{', /is not valid JSON/],
    ['null', /is not of the format xray-predictions, version 1/],
    ['{"format":"xray-predictions","version":2}', /version 1/],
    ['{"format":"xray-predictions","version":1}', /lacks ids, classNames/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => predictionsFromJson(text, 'p.json')).toThrow(message);
  });

  it('refuses damaged numbers', () => {
    const text = predictionsToJson(AWKWARD).replace('"labels":[', '"labels":[7,');
    expect(() => predictionsFromJson(text)).toThrow(/predictions/);
  });
});
