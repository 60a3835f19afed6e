import type { Calibration } from 'xray-core';
import { brierDecomposition } from './brier-decomposition.js';
import { calibrationIntercept, calibrationSlope } from './calibration-line.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { reliabilityBins } from './reliability-bins.js';

/** @internal The calibration of an `Evaluation`: ten bins of equal width. */
export function measureCalibration(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Calibration {
  return {
    expectedCalibrationError: expectedCalibrationError(labels, probabilities),
    expectedCalibrationErrorEqualMass: expectedCalibrationError(labels, probabilities, {
      binning: 'equal-mass',
    }),
    slope: calibrationSlope(labels, probabilities),
    intercept: calibrationIntercept(labels, probabilities),
    brierParts: brierDecomposition(labels, probabilities),
    bins: reliabilityBins(labels, probabilities),
  };
}
