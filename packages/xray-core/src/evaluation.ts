import type { TestTimeAugmentationRecord } from './test-time-augmentation.js';

/** How the threshold of the two-class numbers was chosen. */
export type ThresholdRule =
  /** 0.5, as the reference study does. */
  | 'half'
  /** Largest sensitivity + specificity on validation (Youden's J). */
  | 'youden'
  /** The same on validation images as they are and under acquisition shifts, so that it fits images from elsewhere, too. */
  | 'youden-under-shifts'
  /** Highest specificity at no less than this sensitivity, such as `sensitivity>=0.95`. */
  | `sensitivity>=${number}`
  /** Highest sensitivity at no less than this specificity. */
  | `specificity>=${number}`
  /** Lowest cost, a missed pneumonia to a false alarm, such as `costs=5:1`; at a prevalence, `costs=5:1@0.1`. */
  | `costs=${number}:${number}`
  | `costs=${number}:${number}@${number}`;

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

/** One row of the classification report (decided at the threshold); `null` where undefined. */
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

/** A number with its interval. */
export interface Estimate {
  readonly value: number;
  /**
   * `null` where the data do not tell, such as for perfect separation: an interval without width would claim a certainty
   * that nobody has.
   */
  readonly interval: Interval | null;
}

/** A number with its standard error and the interval made from it. */
export interface NormalEstimate extends Estimate {
  /** `null` where the data do not tell. */
  readonly standardError: number | null;
}

/** Images of similar probability in a reliability diagram. */
export interface ReliabilityBin {
  /** Lower edge of the bin. */
  readonly low: number;
  /** Upper edge of the bin. */
  readonly high: number;
  /** Images in it, at least 1. */
  readonly count: number;
  readonly meanProbability: number;
  /** Share of positives. */
  readonly observed: number;
  /** Wilson's, of `observed`. */
  readonly interval: Interval;
}

/** The Brier score in parts: brier = reliability - resolution + uncertainty + withinBins. */
export interface BrierParts {
  readonly brier: number;
  /** What calibration could save, at least 0. */
  readonly reliability: number;
  /** What the probabilities tell apart, at least 0. */
  readonly resolution: number;
  /** Prevalence times one minus prevalence. */
  readonly uncertainty: number;
  /** What binning hides. */
  readonly withinBins: number;
}

/** How well the pneumonia score, read as a probability, agrees with what is true, in ten bins. */
export interface Calibration {
  /** Bins of equal width, in `[0, 1]`. */
  readonly expectedCalibrationError: number;
  /** Bins of equally many images, in `[0, 1]`. */
  readonly expectedCalibrationErrorEqualMass: number;
  /** 1 is perfect; `null` where undefined, such as for perfect separation. */
  readonly slope: NormalEstimate | null;
  /** 0 is perfect; `null` where undefined. */
  readonly intercept: NormalEstimate | null;
  /** Bins of equal width. */
  readonly brierParts: BrierParts;
  /** Bins of equal width that hold images, by rising probability. */
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Everything measured on one side of a dataset, as plain JSON. Numbers are in `[0, 1]` unless said otherwise,
 * `null` where they are undefined (for example AUROC with one class only).
 */
export interface Evaluation extends OperatingPoint {
  readonly sampleCount: number;
  readonly patientCount: number | null;
  readonly classNames: readonly string[];
  /** Share of images whose class, as `decideClass` has it at the threshold, is the true one. */
  readonly accuracy: number;
  /** Share of images whose most probable class is the true one, whatever the threshold. */
  readonly argmaxAccuracy: number;
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
  /** `[true class][predicted class]`, decided at the threshold, in the order of `classNames`. */
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
  /** `auroc` with DeLong's interval, which needs no resampling; absent in older files, `null` with one class only. */
  readonly aurocDelong?: NormalEstimate | null | undefined;
  /** Of the two-class view; absent in older files. */
  readonly calibration?: Calibration | undefined;
  /** How the predictions were averaged over changed copies of each image; absent if they were not. */
  readonly testTimeAugmentation?: TestTimeAugmentationRecord | undefined;
}
