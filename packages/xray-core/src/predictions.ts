import type { TestTimeAugmentationRecord } from './test-time-augmentation.js';

/** What a model said about a list of images. From here on there are no tensors. */
export interface Predictions {
  /** `[n]` */
  readonly ids: readonly string[];
  /** `[n]`, whose image each one is; absent where nothing says so. Images of one patient are alike, which intervals account for. */
  readonly patientIds?: readonly string[] | undefined;
  /** `[classes]`, in the order of the probabilities; the first is the negative class. */
  readonly classNames: readonly string[];
  /** `[n]`, index of the true class. */
  readonly labels: Int32Array;
  /** `[n * classes]`, row-major, in `[0, 1]`, every row sums to 1. */
  readonly probabilities: Float32Array;
  /** How the probabilities of one image were averaged over changed copies of it; absent if they were not. */
  readonly testTimeAugmentation?: TestTimeAugmentationRecord | undefined;
}
