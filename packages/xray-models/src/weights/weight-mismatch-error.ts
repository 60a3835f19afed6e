import { XrayError } from 'xray-core';

/** Pretrained weights and a model do not belong together. Code `weight-mismatch`. The model is as it was. */
export class WeightMismatchError extends XrayError {
  /** One line per layer that does not fit, with both shapes. */
  readonly problems: readonly string[];

  constructor(modelName: string, problems: readonly string[]) {
    super(
      'weight-mismatch',
      `The weights do not fit ${modelName}:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n` +
        "Use the weights of this very network, or load what fits with `missing: 'keep'` and build the rest like the file.",
    );
    this.problems = problems;
  }
}
