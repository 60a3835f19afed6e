import { XrayError } from 'xray-core';

/** The loss became NaN or infinite. Code `non-finite-loss`. The weights are those before the bad step. */
export class NonFiniteLossError extends XrayError {
  /** Counts from 0. */
  readonly epoch: number;
  /** Counts from 0. */
  readonly batch: number;
  readonly loss: number;
  /** Images of the batch. */
  readonly ids: readonly string[];

  constructor(details: {
    epoch: number;
    batch: number;
    loss: number;
    learningRate: number;
    ids: readonly string[];
  }) {
    const { epoch, batch, loss, learningRate, ids } = details;
    const names =
      ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
    super(
      'non-finite-loss',
      `The loss became ${loss} in epoch ${epoch + 1}, batch ${batch + 1} (images ${names}) at learning rate ${learningRate}. ` +
        'Lower the learning rate, or check these images and labels. Checkpoints of earlier epochs are untouched.',
    );
    this.epoch = epoch;
    this.batch = batch;
    this.loss = loss;
    this.ids = ids;
  }
}

/** A checkpoint belongs to another run. Code `resume-mismatch`. */
export class ResumeError extends XrayError {
  /** Names of the facts that differ. */
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(
      'resume-mismatch',
      `The checkpoint belongs to another run: ${differences.join('; ')}. ` +
        'Resume with the options of the first run, or start a new run in another folder.',
    );
    this.differences = differences;
  }
}
