import { readFileSync } from 'node:fs';
import type { Predictions } from 'xray-core';

/** Predictions as the fixture stores them: labels as digits, all but the last column as whole thousandths. */
interface StoredPredictions {
  readonly labels: string;
  readonly thousandths: readonly number[];
}

type Values = readonly (number | null)[];

/** One random case and what scikit-learn says about it. */
export interface ScikitLearnCase extends StoredPredictions {
  readonly kind: string;
  readonly classCount: number;
  readonly threshold: number;
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly accuracy: number;
  readonly classScores: {
    readonly precision: Values;
    readonly recall: Values;
    readonly f1: Values;
    readonly support: readonly number[];
    /** Precision, recall, F1. */
    readonly macro: Values;
    readonly weighted: Values;
  };
  readonly mcc: number;
  readonly operatingPoint: Readonly<Record<string, number | null>>;
  readonly auroc: number | null;
  readonly aurocMacro: number | null;
  readonly averagePrecision: number | null;
  readonly brier: number;
  readonly logLoss: number;
  readonly youden: number | null;
  /** Only for small cases. */
  readonly roc?: { readonly fpr: readonly number[]; readonly tpr: readonly number[] } | null;
}

/** The whole file. */
export interface ScikitLearnFixture {
  readonly cases: readonly ScikitLearnCase[];
  readonly bootstrap: StoredPredictions & {
    readonly patients: readonly number[];
    readonly intervals: Readonly<Record<string, readonly [number, number]>>;
  };
  readonly report: StoredPredictions & { readonly classNames: readonly string[]; readonly text: string };
}

export function readScikitLearn(): ScikitLearnFixture {
  return JSON.parse(readFileSync(new URL('./scikit-learn.json', import.meta.url), 'utf8'));
}

/** `[n * classes]`, double precision. */
export function probabilitiesOf({ labels, thousandths }: StoredPredictions): number[] {
  const stored = thousandths.length / labels.length;
  return [...labels].flatMap((_, image) => {
    const row = thousandths.slice(image * stored, (image + 1) * stored);
    return [...row, 1000 - row.reduce((sum, value) => sum + value, 0)].map((value) => value / 1000);
  });
}

export function predictionsOf(stored: StoredPredictions, classNames?: readonly string[]): Predictions {
  const probabilities = Float32Array.from(probabilitiesOf(stored));
  const classCount = probabilities.length / stored.labels.length;
  return {
    ids: Array.from(stored.labels, (_, image) => `image-${image}`),
    classNames: classNames ?? Array.from({ length: classCount }, (_, label) => `class-${label}`),
    labels: Int32Array.from(stored.labels, Number),
    probabilities,
  };
}
