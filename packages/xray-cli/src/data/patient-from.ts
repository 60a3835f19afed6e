import { dirname } from 'node:path/posix';
import { InvalidArgumentError, type Sample } from 'xray-core';
import type { IndexOptions } from 'xray-dataset';

/** How `--patient-from` reads whose image it is from the path of the image. */
export interface PatientReader {
  /** For `indexFolder`. */
  readonly options: Pick<IndexOptions, 'patientIdOf' | 'patientFrom'>;
  /** @throws {InvalidArgumentError} If the expression did not match paths that it was tried on. */
  check(): void;
  /** Samples of a table, whose folders are not those of classes: with `folder`, the folder of the image is the patient. */
  apply(samples: readonly Sample[]): readonly Sample[];
}

/**
 * @param text - `folder`, `file` or a regular expression, of which the first group counts, or else all that it matches. @default
 *   names and folders of known kinds
 * @throws {InvalidArgumentError} If it is no regular expression.
 */
export function patientReader(text: string | undefined): PatientReader {
  if (text === undefined) return { options: {}, check() {}, apply: (samples) => samples };
  const known = (samples: readonly Sample[], patientOf: (id: string) => string | undefined) =>
    samples.map(({ isPatientUnknown: _, ...sample }) => ({
      ...sample,
      patientId: patientOf(sample.id) ?? sample.patientId,
    }));
  if (text === 'folder' || text === 'file') {
    const patientOf = text === 'folder' ? dirname : (id: string) => id;
    return { options: { patientFrom: text }, check() {}, apply: (samples) => known(samples, patientOf) };
  }
  const expression = expressionOf(text);
  const unmatched: string[] = [];
  const patientIdOf = (path: string) => {
    const match = expression.exec(path.normalize('NFC'));
    const patient = match?.[1] ?? match?.[0];
    if (!patient) unmatched.push(path);
    return patient || undefined;
  };
  const check = () => {
    if (unmatched.length === 0) return;
    throw new InvalidArgumentError({
      argument: '--patient-from',
      expected: 'folder, file, or a regular expression that matches the path of every image',
      received: `${text}, which does not match ${unmatched.length} of them, first: ${unmatched[0]}`,
      fix: 'Its first group is the patient, as in "(patient[0-9]+)"; a column of a table is named in --mapping, as in patient=subject.',
    });
  };
  return {
    options: { patientIdOf },
    check,
    apply(samples) {
      const read = known(samples, patientIdOf);
      check();
      return read;
    },
  };
}

function expressionOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new InvalidArgumentError({
      argument: '--patient-from',
      expected: 'folder, file or a regular expression',
      received: `${text} (${error instanceof Error ? error.message : error})`,
    });
  }
}
