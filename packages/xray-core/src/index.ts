/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-core
 */
export type {
  Augmentation,
  AugmentationDraw,
  Batch,
  BatchSource,
  PixelAugmentation,
  VariantAugmentation,
} from './batch.js';
export { hasVariants } from './batch.js';
export { BATCH_NORM_TRAINING_KERNELS } from './batch-norm-kernels.js';
export { checkImage } from './check-image.js';
export type { Checksum, HashAlgorithm } from './checksum.js';
export type { ClassList } from './class-list.js';
export {
  checkOutputs,
  classListOf,
  labelOf,
  NORMAL_BACTERIAL_VIRAL,
  NORMAL_PNEUMONIA,
} from './class-list.js';
export type {
  AuditCount,
  AuditLimits,
  AuditPixelKind,
  AuditRange,
  AuditSizes,
  DatasetAudit,
  DividedPatient,
  DoubtfulAuditImage,
  DuplicateDifference,
  ExactDuplicateGroup,
  NearDuplicateGroup,
  Suspicion,
  SuspicionKind,
  SuspicionLimits,
  UnreadableImage,
} from './dataset-audit.js';
export { decideClass, pneumoniaScore } from './decision.js';
export {
  AbortedError,
  ClassMismatchError,
  FileError,
  InvalidArgumentError,
  throwIfAborted,
  XrayError,
} from './errors.js';
export type {
  BrierParts,
  Calibration,
  ClassScores,
  Estimate,
  Evaluation,
  Interval,
  NormalEstimate,
  OperatingPoint,
  ReliabilityBin,
  ShiftEvaluation,
  ShiftScores,
  ThresholdRule,
} from './evaluation.js';
export type { Forward } from './forward.js';
export type { FreezableBatchNorm } from './frozen-batch-norm.js';
export { isFreezableBatchNorm } from './frozen-batch-norm.js';
export type { DecodedImage, ImageWarning, ResizeRule } from './image.js';
export { imageWarnings } from './image-warnings.js';
export type { Predictions } from './predictions.js';
export type { PrepareRule } from './prepare-image.js';
export { bitsOfLevels, checkBitsStored, convertChannels, prepareImage, toEightBit } from './prepare-image.js';
export type { ProgressCallback, ProgressEvent } from './progress.js';
export type { Random } from './random.js';
export { createRandom } from './random.js';
export { readZip } from './read-zip.js';
export type { OptionNames } from './refuse-unknown-options.js';
export { refuseUnknownOptions } from './refuse-unknown-options.js';
export { resizeImage } from './resize-image.js';
export type { Sample, Split } from './sample.js';
export { sha256 } from './sha256.js';
export { storedWeightBytes } from './stored-weight-bytes.js';
export type {
  TestTimeAugmentation,
  TestTimeAugmentationRecord,
  TestTimeCopies,
} from './test-time-augmentation.js';
export { copiesOfBatches, meansOfCopies, testTimeCopies } from './test-time-augmentation.js';
export { isThresholdRule, THRESHOLD_RULES } from './threshold-rule.js';
export type { TrainingStep, TrainingStepListener } from './training-step.js';
export { isTrainingStepListener } from './training-step.js';
export { checkWholeNumber } from './whole-number.js';
export type { WorkerChannel, WorkerHandle } from './worker-channel.js';
export { yieldToEventLoop } from './yield-to-event-loop.js';
