import { XrayError } from 'xray-core';

/** A Keras model has something that TensorFlow.js lacks or would compute otherwise. Code `unsupported-model`. */
export class UnsupportedModelError extends XrayError {
  /** Path or URL as the caller knows it. */
  readonly file: string;
  /** One line per layer and setting. */
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(
      'unsupported-model',
      `${file}: has what TensorFlow.js cannot compute as Keras does:${problems.map((problem) => `\n- ${problem}`).join('')}\n` +
        'Give classes for such layers as `layers`, build the model without them, or load its weights into a network of your own.',
    );
    this.file = file;
    this.problems = problems;
  }
}
