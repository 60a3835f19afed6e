import { sigmoid } from './logit.js';

/** @internal Maximum likelihood of P(target) = sigmoid(intercept + slope * x). */
export interface LogisticFit {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptError: number;
  readonly slopeError: number;
}

const MOST_STEPS = 100;

/**
 * @internal Newton's method with halved steps where the likelihood would fall.
 *
 * @param x - `[n]`
 * @param targets - `[n]`, in `[0, 1]`.
 * @param fixedSlope - Slope that is not fitted.
 * @returns `null` where the likelihood has no maximum: one class only, or classes that x separates.
 *
 * @see McCullagh & Nelder 1989, Generalized Linear Models, chapter 4
 */
export function fitLogistic(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  fixedSlope?: number,
): LogisticFit | null {
  let intercept = 0;
  let slope = fixedSlope ?? 0;
  let loss = lossOf(x, targets, intercept, slope);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { g0, g1, h00, h01, h11 } = derivatives(x, targets, intercept, slope);
    const determinant = fixedSlope === undefined ? h00 * h11 - h01 * h01 : h00;
    // A likelihood without a maximum flattens out on the way to infinity.
    if (!(determinant > 1e-10 * Math.max(h00 * h11, 1e-10)) || h00 < 1e-8) return null;
    const change0 = fixedSlope === undefined ? (h11 * g0 - h01 * g1) / determinant : g0 / h00;
    const change1 = fixedSlope === undefined ? (h00 * g1 - h01 * g0) / determinant : 0;
    let scale = 1;
    let next = lossOf(x, targets, intercept - change0, slope - change1);
    while (next > loss + 1e-12 * Math.abs(loss) && scale > 1e-6) {
      scale /= 2;
      next = lossOf(x, targets, intercept - scale * change0, slope - scale * change1);
    }
    intercept -= scale * change0;
    slope -= scale * change1;
    loss = next;
    const moved = Math.abs(change0) + Math.abs(change1);
    if (moved > 1e-10 * (1 + Math.abs(intercept) + Math.abs(slope))) continue;
    return {
      intercept,
      slope,
      interceptError: Math.sqrt((fixedSlope === undefined ? h11 : 1) / determinant),
      slopeError: fixedSlope === undefined ? Math.sqrt(h00 / determinant) : 0,
    };
  }
  return null;
}

/** Negative log-likelihood, without overflow. */
function lossOf(x: ArrayLike<number>, targets: ArrayLike<number>, intercept: number, slope: number): number {
  let loss = 0;
  for (let index = 0; index < x.length; index++) {
    const z = intercept + slope * x[index]!;
    loss += Math.max(z, 0) - targets[index]! * z + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return loss;
}

function derivatives(x: ArrayLike<number>, targets: ArrayLike<number>, intercept: number, slope: number) {
  let g0 = 0;
  let g1 = 0;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  for (let index = 0; index < x.length; index++) {
    const at = x[index]!;
    const probability = sigmoid(intercept + slope * at);
    const residual = probability - targets[index]!;
    const weight = probability * (1 - probability);
    g0 += residual;
    g1 += residual * at;
    h00 += weight;
    h01 += weight * at;
    h11 += weight * at * at;
  }
  return { g0, g1, h00, h01, h11 };
}
