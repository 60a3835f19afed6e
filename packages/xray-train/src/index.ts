/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-train
 */
export type { NamedAugmentation } from './augmented-source.js';
export { augmentedSource } from './augmented-source.js';
export type {
  Checkpoint,
  CheckpointFacts,
  CheckpointStore,
  RunFingerprint,
} from './checkpoints/checkpoint.js';
export { memoryCheckpoints } from './checkpoints/checkpoint.js';
export type { CrossEntropyOptions } from './cross-entropy.js';
export { crossEntropy } from './cross-entropy.js';
export type { EvaluateOptions } from './evaluate.js';
export { evaluate } from './evaluate.js';
export type { ExtractFeaturesOptions } from './features/extract-features.js';
export { extractFeatures } from './features/extract-features.js';
export type { FeatureSourceOptions } from './features/feature-source.js';
export { featureSource } from './features/feature-source.js';
export type { FeatureFacts, FeatureRow, FeatureStore, Features, FeatureWriter } from './features/features.js';
export { memoryFeatures } from './features/memory-features.js';
export type { LearningRateSchedule } from './learning-rate.js';
export { constantLearningRate, cosineDecay, legacyKerasDecay, oneCycle } from './learning-rate.js';
export type { AdamOptions } from './optimizers/adam.js';
export { adam } from './optimizers/adam.js';
export type { AdamWOptions } from './optimizers/adam-w.js';
export { adamW } from './optimizers/adam-w.js';
export type { Optimizer } from './optimizers/optimizer.js';
export type { SgdOptions } from './optimizers/sgd.js';
export { sgd } from './optimizers/sgd.js';
export type { PredictOptions } from './predict.js';
export { predict } from './predict.js';
export type { RehearseStepOptions } from './rehearse-step.js';
export { rehearseStep } from './rehearse-step.js';
export type { SharedBatch } from './replicas/messages.js';
export type { OpenReplicasOptions } from './replicas/open-replicas.js';
export { openReplicas } from './replicas/open-replicas.js';
export type { BatchOutput, GradientOptions, Replicas } from './replicas/replicas.js';
export type { ReplicaModule, ReplicaSetup } from './replicas/serve-replica.js';
export { serveReplica } from './replicas/serve-replica.js';
export { WorkerError } from './replicas/worker-error.js';
export type { SpawnWorker } from './replicas/worker-pool.js';
export { train } from './train.js';
export type { EarlyStopping, EpochLogs, MonitoredValue, TrainOptions, TrainResult } from './train-options.js';
export type { PhasesResult, TrainingPhase } from './train-phases.js';
export { trainPhases } from './train-phases.js';
export { NonFiniteLossError, ResumeError } from './training-errors.js';
export type { BatchGradients } from './training-gradients.js';
export type { AverageWeightsOptions } from './weight-average.js';
