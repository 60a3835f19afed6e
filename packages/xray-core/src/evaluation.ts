import type { TestTimeAugmentationRecord } from './test-time-augmentation.js';

/** How the threshold of the two-class numbers was chosen. */
export type ThresholdRule =
  /** 0.5, as the reference study does. */
  | 'half'
  /** Largest sensitivity + specificity on validation (Youden's J). */
  | 'youden'
  /** The same on validation images as they are and under acquisition shifts, so that it fits images from elsewhere, too. */
  | 'youden-under-shifts';

/** Numbers of the two-class view (pneumonia against the negative class) at one threshold; `null` where undefined. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  /** Positive predictive value, also called precision. */
  readonly ppv: number | null;
  /** Negative predictive value. */
  readonly npv: number | null;
  readonly f1: number | null;
  readonly mcc: number;
  /** Mean of sensitivity and specificity. */
  readonly balancedAccuracy: number | null;
}

/** One row of the classification report (argmax decision); `null` where undefined. */
export interface ClassScores {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Images of the class. */
  readonly support: number;
}

/** What a model does under one acquisition shift, at the threshold of the images as they are; `null` where undefined. */
export interface ShiftScores {
  /** What was changed, such as `blur`. */
  readonly name: string;
  /** 1 is mild, 3 strong. */
  readonly strength: number;
  /** The number behind the strength. */
  readonly setting: string;
  readonly auroc: number | null;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

/** How a model holds under acquisition shifts, as plain JSON. */
export interface ShiftEvaluation {
  /** Which images were changed. */
  readonly split: 'train' | 'validation' | 'test' | 'all';
  /** Images that were changed in each way. */
  readonly sampleCount: number;
  readonly threshold: number;
  /** The images as they are. */
  readonly unchanged: Omit<ShiftScores, 'name' | 'strength' | 'setting'>;
  readonly shifts: readonly ShiftScores[];
  /** Of the shifts; the mean of those that are defined. */
  readonly mean: Omit<ShiftScores, 'name' | 'strength' | 'setting'>;
  /** Lowest of the shifts, each number for itself. */
  readonly worst: Omit<ShiftScores, 'name' | 'strength' | 'setting'>;
  /**
   * AUROC over the images under all shifts taken together: it falls where scores move with the shift, which no single
   * threshold can follow, although each shift alone is told apart well.
   */
  readonly pooledAuroc: number | null;
}

/** 95 % interval `[low, high]`. */
export type Interval = readonly [low: number, high: number];

/**
 * Everything measured on one side of a dataset, as plain JSON. Numbers are in `[0, 1]` unless said otherwise,
 * `null` where they are undefined (for example AUROC with one class only).
 */
export interface Evaluation extends OperatingPoint {
  readonly sampleCount: number;
  readonly patientCount: number | null;
  readonly classNames: readonly string[];
  /** Share of images whose most probable class is the true one. */
  readonly accuracy: number;
  /** Pneumonia against the negative class, scored with 1 - p(negative). */
  readonly auroc: number | null;
  /** Mean one-vs-rest AUROC over the classes. */
  readonly aurocMacro: number | null;
  readonly averagePrecision: number | null;
  /** Mean squared distance of the score to the two-class truth. */
  readonly brier: number;
  /** Cross-entropy over all classes, natural logarithm, in `[0, inf)`. */
  readonly logLoss: number;
  readonly thresholdRule: ThresholdRule;
  /** Side of the data the threshold was chosen on; `null` for a fixed one. */
  readonly thresholdFrom: 'validation' | 'bundle' | null;
  /** The same two-class numbers at 0.5. */
  readonly atHalf: OperatingPoint;
  /** `[true class][predicted class]`, argmax decision, in the order of `classNames`. */
  readonly confusionMatrix: readonly (readonly number[])[];
  /** In the order of `classNames`. */
  readonly perClass: readonly ClassScores[];
  /** Unweighted mean over classes. */
  readonly macro: ClassScores;
  /** Mean over classes weighted by support. */
  readonly weighted: ClassScores;
  /** 95 % intervals of the flat numbers by name; empty when not computed. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** How the intervals were computed, for the reader; `null` when not computed. */
  readonly intervalMethod: string | null;
  /** How the model holds under acquisition shifts; absent if that was not measured. */
  readonly shifts?: ShiftEvaluation | undefined;
  /** How the predictions were averaged over changed copies of each image; absent if they were not. */
  readonly testTimeAugmentation?: TestTimeAugmentationRecord;
}
