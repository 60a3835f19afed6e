import { type Evaluation, isThresholdRule, THRESHOLD_RULES } from 'xray-core';
import {
  type Check,
  check,
  correlation,
  count,
  finite,
  listOf,
  notNegative,
  nullable,
  objectOf,
  oneOf,
  optional,
  recordOf,
  reject,
  share,
  text,
} from './check-values.js';

const operatingPoint = {
  threshold: share,
  sensitivity: nullable(share),
  specificity: nullable(share),
  ppv: nullable(share),
  npv: nullable(share),
  f1: nullable(share),
  mcc: correlation,
  balancedAccuracy: nullable(share),
};

const classScores = objectOf({
  precision: nullable(share),
  recall: nullable(share),
  f1: nullable(share),
  support: count,
});

const interval = check(
  'an interval [low, high] of two finite numbers, low not above high',
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1],
);

const shiftScores = { auroc: nullable(share), sensitivity: nullable(share), specificity: nullable(share) };

const shiftEvaluation = objectOf({
  split: oneOf('train', 'validation', 'test', 'all'),
  sampleCount: count,
  threshold: share,
  unchanged: objectOf(shiftScores),
  shifts: listOf(objectOf({ name: text, strength: count, setting: text, ...shiftScores })),
  mean: objectOf(shiftScores),
  worst: objectOf(shiftScores),
  pooledAuroc: nullable(share),
});
const thresholdRule = check(`one of ${THRESHOLD_RULES}`, isThresholdRule);

const shapeOfEvaluation = objectOf({
  ...operatingPoint,
  sampleCount: count,
  patientCount: nullable(count),
  classNames: listOf(text, 2),
  accuracy: share,
  argmaxAccuracy: share,
  auroc: nullable(share),
  aurocMacro: nullable(share),
  averagePrecision: nullable(share),
  brier: share,
  logLoss: notNegative,
  thresholdRule,
  thresholdFrom: oneOf('validation', 'bundle', null),
  atHalf: objectOf(operatingPoint),
  confusionMatrix: listOf(listOf(count)),
  perClass: listOf(classScores),
  macro: classScores,
  weighted: classScores,
  intervals: recordOf(interval),
  intervalMethod: nullable(text),
  shifts: optional(shiftEvaluation),
  testTimeAugmentation: optional(objectOf({ name: text, copies: count, seed: nullable(finite) })),
});

/** An `Evaluation` whose lists all have one entry per class. */
export const evaluation: Check = (value, path) => {
  shapeOfEvaluation(value, path);
  const { classNames, confusionMatrix, perClass } = value as Evaluation;
  checkLength(confusionMatrix, classNames.length, `${path}.confusionMatrix`, 'row');
  confusionMatrix.forEach((row, index) => {
    checkLength(row, classNames.length, `${path}.confusionMatrix[${index}]`, 'number');
  });
  checkLength(perClass, classNames.length, `${path}.perClass`, 'entry');
};

/** Throws unless the list has one `item` for each of `classes` classes. */
export function checkLength(list: readonly unknown[], classes: number, path: string, item: string): void {
  if (list.length !== classes) reject(path, `one ${item} for each of the ${classes} class names`, list);
}
