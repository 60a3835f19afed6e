import { ClassMismatchError, InvalidArgumentError } from './errors.js';

/**
 * Ordered class names and the findings each of them covers. The order travels
 * with batches, models, predictions and reports; nothing re-derives it.
 */
export interface ClassList {
  /** Index in this list is the label. The first is the negative class ("no pneumonia"); there are at least two. */
  readonly names: readonly string[];
  /** Finding of a sample → name of its class. A finding that is not listed is an error, not a guess. */
  readonly findings: Readonly<Record<string, string>>;
}

/** Two classes: `normal` against `pneumonia` of any kind. */
export const NORMAL_PNEUMONIA = {
  names: ['normal', 'pneumonia'],
  findings: { normal: 'normal', bacterial: 'pneumonia', viral: 'pneumonia', pneumonia: 'pneumonia' },
} as const satisfies ClassList;

/** Three classes: `normal`, `bacterial` and `viral`. A plain `pneumonia` finding is too coarse for it. */
export const NORMAL_BACTERIAL_VIRAL = {
  names: ['normal', 'bacterial', 'viral'],
  findings: { normal: 'normal', bacterial: 'bacterial', viral: 'viral' },
} as const satisfies ClassList;

/**
 * Class list in which every finding is its own class.
 *
 * @param names - At least two, the negative class first.
 */
export function classListOf(names: readonly string[]): ClassList {
  if (names.length < 2 || new Set(names).size !== names.length) {
    throw new InvalidArgumentError({
      argument: 'names',
      expected: 'at least two different class names',
      received: names,
    });
  }
  return { names: [...names], findings: Object.fromEntries(names.map((name) => [name, name])) };
}

/**
 * Label of a finding: the index of its class in `classList.names`.
 *
 * @param sample - Id of the sample, for the error message.
 * @throws {InvalidArgumentError} If the class list does not cover the finding.
 */
export function labelOf(classList: ClassList, finding: string, sample?: string): number {
  const name = Object.hasOwn(classList.findings, finding) ? classList.findings[finding]! : undefined;
  const label = name === undefined ? -1 : classList.names.indexOf(name);
  if (label < 0) {
    throw new InvalidArgumentError({
      argument: sample === undefined ? 'finding' : `finding of ${sample}`,
      expected: `one of ${Object.keys(classList.findings).join(', ')} for the classes [${classList.names.join(', ')}]`,
      received: finding,
      fix: 'Pick a class list that covers it, or leave such samples out.',
    });
  }
  return label;
}

/**
 * Checks that a model has one output per class.
 *
 * @param outputShape - Of the model, for example `[null, 2]`; the last number counts.
 * @param fix - What to do otherwise.
 * @throws {ClassMismatchError} If the numbers differ.
 */
export function checkOutputs(classList: ClassList, outputShape: readonly unknown[], fix: string): void {
  const outputs = Number(outputShape.at(-1) ?? 0);
  if (outputs === classList.names.length) return;
  throw new ClassMismatchError({
    what: 'The model',
    expected: classList.names,
    received: Array.from({ length: outputs }, (_, index) => `output ${index}`),
    fix,
  });
}
