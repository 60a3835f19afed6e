/** Where in the training a forward pass stands. */
export interface TrainingStep {
  /** Optimizer steps taken so far in the whole run. */
  readonly step: number;
  /** Place of the first image of this forward pass in the whole batch; not 0 for later micro-batches. */
  readonly sampleOffset: number;
}

/**
 * A layer whose training behaviour depends on the step, such as a dropout whose mask must not repeat. The
 * training loop calls `beginTrainingStep` on every layer that has it, before each forward pass, and with `undefined`
 * when the training is over.
 */
export interface TrainingStepListener {
  /** Where the forward pass that comes next stands; `undefined` when the training is over. */
  beginTrainingStep(step: TrainingStep | undefined): void;
}

/** True for objects that want to hear about training steps. */
export function isTrainingStepListener(value: unknown): value is TrainingStepListener {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<TrainingStepListener>).beginTrainingStep === 'function'
  );
}
