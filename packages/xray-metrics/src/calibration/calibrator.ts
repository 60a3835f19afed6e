import { InvalidArgumentError } from 'xray-core';

/** Divides the logarithms of all probabilities by the temperature: above 1 they become less sure. Keeps every ranking. */
export interface TemperatureScaling {
  readonly method: 'temperature';
  /** Above 0. */
  readonly temperature: number;
}

/** Turns the logit of the pneumonia score into sigmoid(intercept + slope * logit). */
export interface PlattScaling {
  readonly method: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** Turns the pneumonia score into a rising curve of straight pieces, constant outside of them. */
export interface IsotonicScaling {
  readonly method: 'isotonic';
  /** `[k]`, strictly rising, in `[0, 1]`. */
  readonly scores: readonly number[];
  /** `[k]`, rising, in `[0, 1]`: what the scores become. */
  readonly probabilities: readonly number[];
}

/** What makes probabilities agree with what is true; plain JSON, fitted on validation, applied by `applyCalibrator`. */
export type Calibrator = TemperatureScaling | PlattScaling | IsotonicScaling;

/**
 * Rejects what no `fit...` function gives, such as a damaged file.
 *
 * @throws {InvalidArgumentError} Names the field.
 */
export function checkCalibrator(calibrator: Calibrator): void {
  switch (calibrator?.method) {
    case 'temperature':
      check('temperature', calibrator.temperature, (value) => value > 0, 'a finite number above 0');
      return;
    case 'platt':
      check('slope', calibrator.slope, () => true, 'a finite number');
      check('intercept', calibrator.intercept, () => true, 'a finite number');
      return;
    case 'isotonic': {
      const { scores, probabilities } = calibrator;
      checkRising('scores', scores, true);
      checkRising('probabilities', probabilities, false);
      if (scores.length === probabilities.length) return;
      throw new InvalidArgumentError({
        argument: 'calibrator.probabilities',
        expected: `${scores.length} numbers, one for each score`,
        received: probabilities.length,
      });
    }
    default:
      throw new InvalidArgumentError({
        argument: 'calibrator.method',
        expected: "'temperature', 'platt' or 'isotonic'",
        received: (calibrator as { method?: unknown } | undefined)?.method,
        fix: 'Make it with `fitTemperature`, `fitPlatt` or `fitIsotonic`.',
      });
  }
}

function check(name: string, value: unknown, isRight: (value: number) => boolean, expected: string): void {
  if (typeof value === 'number' && Number.isFinite(value) && isRight(value)) return;
  throw new InvalidArgumentError({ argument: `calibrator.${name}`, expected, received: value });
}

function checkRising(name: string, values: readonly number[], strictly: boolean): void {
  const isRight =
    Array.isArray(values) &&
    values.length > 0 &&
    values.every((value, index) => {
      const previous = index === 0 ? -1 : values[index - 1]!;
      return value >= 0 && value <= 1 && (strictly ? value > previous : value >= previous);
    });
  if (isRight) return;
  throw new InvalidArgumentError({
    argument: `calibrator.${name}`,
    expected: `${strictly ? 'strictly ' : ''}rising numbers in [0, 1]`,
    received: values,
  });
}
