import {
  type ClassList,
  classListOf,
  InvalidArgumentError,
  NORMAL_BACTERIAL_VIRAL,
  NORMAL_PNEUMONIA,
} from 'xray-core';

/** What a file of labels says. */
export interface Labels {
  /** In the order of the model's outputs. */
  readonly names: readonly string[];
  /** Side of the images of a Teachable Machine model, pixels; absent for others. */
  readonly teachableMachineSide?: number | undefined;
}

/**
 * Reads labels: `metadata.json` of Teachable Machine, a JSON list, Keras' `class_indices` as JSON, or a text with a label a line,
 * with or without its number in front.
 *
 * @throws {InvalidArgumentError} If there are none.
 */
export function readLabels(labels: string | readonly string[]): Labels {
  if (typeof labels !== 'string') return checked({ names: labels });
  const json = parseJson(labels);
  if (json === undefined) {
    const lines = labels.split(/\r?\n/).map((line) => line.trim());
    return checked({ names: lines.filter(Boolean).map((line) => line.replace(/^\d+[\s:,]+/, '')) });
  }
  if (Array.isArray(json)) return checked({ names: json });
  const { labels: listed, packageName, imageSize = 224 } = json as TeachableMachineFile;
  if (Array.isArray(listed)) {
    const isTeachableMachine = packageName === '@teachablemachine/image';
    return checked({ names: listed, ...(isTeachableMachine && { teachableMachineSide: imageSize }) });
  }
  const indices = Object.entries(json as Record<string, number>);
  const isIndexed = indices.every(([, index]) => Number.isInteger(index));
  return checked({ names: isIndexed ? indices.sort(([, a], [, b]) => a - b).map(([name]) => name) : [] });
}

interface TeachableMachineFile {
  readonly labels?: unknown;
  readonly packageName?: string | undefined;
  readonly imageSize?: number | undefined;
}

function parseJson(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined; // a plain list
  }
}

function checked(labels: { names: readonly unknown[]; teachableMachineSide?: number | undefined }): Labels {
  const { names } = labels;
  const areTexts = names.every((name) => typeof name === 'string' && name.trim() !== '');
  if (names.length > 0 && areTexts && new Set(names).size === names.length) return labels as Labels;
  throw new InvalidArgumentError({
    argument: 'labels',
    expected:
      'different names in the order of the outputs: a list, or the text of metadata.json of Teachable Machine, of class_indices of Keras as JSON, or of a file with a label a line',
    received: names,
  });
}

/** The usual names of findings, in lower case, without what separates words. */
const FINDINGS: Readonly<Record<string, string>> = {
  normal: 'normal',
  healthy: 'normal',
  negative: 'normal',
  nofinding: 'normal',
  nopneumonia: 'normal',
  pneumonia: 'pneumonia',
  bacteria: 'bacterial',
  bacterial: 'bacterial',
  bacterialpneumonia: 'bacterial',
  pneumoniabacteria: 'bacterial',
  pneumoniabacterial: 'bacterial',
  virus: 'viral',
  viral: 'viral',
  viralpneumonia: 'viral',
  pneumoniavirus: 'viral',
  pneumoniaviral: 'viral',
};

const findingOf = (label: string): string =>
  FINDINGS[label.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')] ?? label;

/**
 * The class of each label, and the class list if there is none yet.
 *
 * @param labels - All labels, or the one whose probability a model gives.
 * @throws {InvalidArgumentError} If labels are no classes of the list, or nothing says which one is negative.
 */
export function classesOf(
  labels: readonly string[],
  given?: ClassList,
): { readonly classList: ClassList; readonly outputs: readonly string[] } {
  const findings = labels.map(findingOf);
  const classList = given ?? guessClassList(labels, findings);
  const outputs = labels.map((label, at) => {
    const known = [label, findings[at]!].find((name) => classList.names.includes(name));
    return known ?? classList.findings[label] ?? classList.findings[findings[at]!];
  });
  if (outputs.every((name) => name !== undefined) && new Set(outputs).size === outputs.length)
    return { classList, outputs: outputs as string[] };
  throw new InvalidArgumentError({
    argument: 'labels',
    expected: `a label for each of the classes ${classList.names.join(', ')}`,
    received: labels,
    fix: 'Give them as a list of those names, in the order of the outputs, or give the `classList` they belong to.',
  });
}

function guessClassList(labels: readonly string[], findings: readonly string[]): ClassList {
  const known = [NORMAL_PNEUMONIA, NORMAL_BACTERIAL_VIRAL].find(
    ({ names }) =>
      findings.every((finding) => (names as readonly string[]).includes(finding)) &&
      (findings.length === names.length || (findings.length === 1 && names.length === 2)),
  );
  if (known) return known;
  const negative = labels.filter((_, at) => findings[at] === 'normal');
  if (labels.length > 1 && negative.length === 1)
    return classListOf([negative[0]!, ...labels.filter((label) => label !== negative[0])]);
  throw new InvalidArgumentError({
    argument: 'classList',
    expected: 'given, because nothing says which of these labels means no pneumonia',
    received: labels,
    fix: "For example: `classListOf(['no disease', 'disease'])`, the negative class first.",
  });
}
