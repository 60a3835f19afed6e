import { XrayError } from 'xray-core';

/** Pretrained weights and a model do not belong together. Code `weight-mismatch`. The model is as it was. */
export class WeightMismatchError extends XrayError {
  /** One line per layer of the model that does not fit, with both shapes. */
  readonly problems: readonly string[];
  /** One line per layer of the file that no layer of the model takes, with its shapes. */
  readonly unused: readonly string[];

  constructor(modelName: string, problems: readonly string[], unused: readonly string[] = []) {
    const lines = (items: readonly string[]) => items.map((item) => `\n- ${item}`).join('');
    super(
      'weight-mismatch',
      `The weights do not fit ${modelName}:${lines(problems)}\n` +
        (unused.length > 0 ? `Of the file, no layer takes:${lines(unused)}\n` : '') +
        "Use the weights of this very network, or load what fits with `missing: 'keep'` and build the rest like the file.",
    );
    this.problems = problems;
    this.unused = unused;
  }
}
