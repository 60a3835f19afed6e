// Batch normalization of a matrix [rows][columns], one column per channel: statistics, normalization, gradient.
// Source: Ioffe and Szegedy, Batch Normalization, arXiv 1502.03167, section 3.
import { bytes, loadLanes, multiplyAdd, storeLanes, zeros } from './simd';

/** Rows reduced at a time: few enough to stay in the cache for a second look, and to keep rounding errors small. */
const ROWS_PER_BLOCK = 256;
const BYTES_PER_BLOCK: usize = 128 * 1024;

@inline
function rowsPerBlock(rowBytes: usize): i32 {
  return min(ROWS_PER_BLOCK, max(1, <i32>(BYTES_PER_BLOCK / rowBytes)));
}

/**
 * mean, variance: [columns], of the population; zeros without rows. shift: [columns], for working.
 *
 * Everything is taken relative to the first row, then to the mean of the first block, so that values far from zero lose
 * nothing. The squared deviations of a block are taken from the block's own mean, and blocks are merged with the
 * formula of Chan, Golub and LeVeque (Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979):
 * one pass over memory, without the cancellation of E[x^2] - E[x]^2.
 */
export function columnMoments(
  source: usize,
  mean: usize,
  variance: usize,
  shift: usize,
  rows: i32,
  columns: i32,
): void {
  const rowBytes = bytes(columns);
  memory.fill(mean, 0, rowBytes);
  memory.fill(variance, 0, rowBytes);
  if (rows === 0) return;
  memory.copy(shift, source, rowBytes);
  const step = rowsPerBlock(rowBytes);
  for (let first = 0; first < rows; first += step) {
    const count = min(step, rows - first);
    const start = source + <usize>first * rowBytes;
    let at: usize = 0;
    for (; at + 16 <= rowBytes; at += 16) {
      mergeMoments(start + at, mean + at, variance + at, shift + at, first, count, rowBytes, false);
    }
    for (; at < rowBytes; at += 4) {
      mergeMoments(start + at, mean + at, variance + at, shift + at, first, count, rowBytes, true);
    }
    if (first === 0) {
      addTo(shift, mean, rowBytes);
      memory.fill(mean, 0, rowBytes);
    }
  }
  addTo(mean, shift, rowBytes);
  for (let at: usize = 0; at < rowBytes; at += 4) store<f32>(variance + at, load<f32>(variance + at) / <f32>rows);
}

@inline
function addTo(target: usize, values: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 4) {
    store<f32>(target + at, load<f32>(target + at) + load<f32>(values + at));
  }
}

/** Adds `count` rows to the mean, less `shift`, and the sum of squared deviations of the `seen` rows before. */
@inline
function mergeMoments(
  source: usize,
  mean: usize,
  squares: usize,
  shift: usize,
  seen: i32,
  count: i32,
  rowBytes: usize,
  isSingle: bool,
): void {
  const center = loadLanes(shift, isSingle);
  // Four sums, since each addition waits for the one before in its sum.
  let sum0 = zeros();
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let from = source;
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    sum0 = f32x4.add(sum0, f32x4.sub(loadLanes(from, isSingle), center));
    sum1 = f32x4.add(sum1, f32x4.sub(loadLanes(from + rowBytes, isSingle), center));
    sum2 = f32x4.add(sum2, f32x4.sub(loadLanes(from + 2 * rowBytes, isSingle), center));
    sum3 = f32x4.add(sum3, f32x4.sub(loadLanes(from + 3 * rowBytes, isSingle), center));
    from += 4 * rowBytes;
  }
  for (; row < count; row++) {
    sum0 = f32x4.add(sum0, f32x4.sub(loadLanes(from, isSingle), center));
    from += rowBytes;
  }
  const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  const blockMean = f32x4.mul(sum, f32x4.splat(1 / <f32>count));

  sum0 = zeros();
  sum1 = sum0;
  sum2 = sum0;
  sum3 = sum0;
  from = source;
  row = 0;
  for (; row + 4 <= count; row += 4) {
    sum0 = addSquare(sum0, from, center, blockMean, isSingle);
    sum1 = addSquare(sum1, from + rowBytes, center, blockMean, isSingle);
    sum2 = addSquare(sum2, from + 2 * rowBytes, center, blockMean, isSingle);
    sum3 = addSquare(sum3, from + 3 * rowBytes, center, blockMean, isSingle);
    from += 4 * rowBytes;
  }
  for (; row < count; row++) {
    sum0 = addSquare(sum0, from, center, blockMean, isSingle);
    from += rowBytes;
  }
  const blockSquares = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));

  const share = <f64>count / (<f64>seen + <f64>count);
  const difference = f32x4.sub(blockMean, loadLanes(mean, isSingle));
  storeLanes(mean, multiplyAdd(difference, f32x4.splat(<f32>share), loadLanes(mean, isSingle)), isSingle);
  const between = f32x4.mul(f32x4.mul(difference, difference), f32x4.splat(<f32>(<f64>seen * share)));
  const total = f32x4.add(loadLanes(squares, isSingle), f32x4.add(blockSquares, between));
  storeLanes(squares, total, isSingle);
}

@inline
function addSquare(sum: v128, address: usize, center: v128, mean: v128, isSingle: bool): v128 {
  const deviation = f32x4.sub(f32x4.sub(loadLanes(address, isSingle), center), mean);
  return multiplyAdd(deviation, deviation, sum);
}

/**
 * target = (source - mean) / sqrt(variance + epsilon) * scale + offset
 *
 * source, target: `count` numbers, rows of `columns`; mean, variance: [columns]; scale, offset: [columns], or 0 if none.
 * workspace: [3][period]; period: a multiple of `columns` and of 4, so that every vector meets the same channels again.
 */
export function normalize(
  source: usize,
  target: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  offset: usize,
  epsilon: f32,
  count: i32,
  columns: i32,
  period: i32,
  workspace: usize,
): void {
  const periodBytes = bytes(period);
  const means = workspace;
  const factors = means + periodBytes;
  const offsets = factors + periodBytes;
  for (let index = 0; index < period; index++) {
    const at = bytes(index);
    const from = bytes(index % columns);
    const factor: f32 = 1 / sqrt<f32>(load<f32>(variance + from) + epsilon);
    store<f32>(means + at, load<f32>(mean + from));
    store<f32>(factors + at, scale ? factor * load<f32>(scale + from) : factor);
    store<f32>(offsets + at, offset ? load<f32>(offset + from) : 0);
  }
  const end = source + bytes(count);
  while (source < end) {
    const run = min(periodBytes, end - source);
    let at: usize = 0;
    for (; at + 16 <= run; at += 16) normalizeLanes(source, target, means, factors, offsets, at, false);
    for (; at < run; at += 4) normalizeLanes(source, target, means, factors, offsets, at, true);
    source += run;
    target += run;
  }
}

@inline
function normalizeLanes(
  source: usize,
  target: usize,
  means: usize,
  factors: usize,
  offsets: usize,
  at: usize,
  isSingle: bool,
): void {
  const deviation = f32x4.sub(loadLanes(source + at, isSingle), loadLanes(means + at, isSingle));
  const value = multiplyAdd(deviation, loadLanes(factors + at, isSingle), loadLanes(offsets + at, isSingle));
  storeLanes(target + at, value, isSingle);
}

/**
 * offsetGradient = sum of `outputGradient` over the rows
 * scaleGradient  = sum of `outputGradient` times the normalized source
 */
export function normalizationSums(
  source: usize,
  outputGradient: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  scaleGradient: usize,
  offsetGradient: usize,
  rows: i32,
  columns: i32,
): void {
  const rowBytes = bytes(columns);
  memory.fill(scaleGradient, 0, rowBytes);
  memory.fill(offsetGradient, 0, rowBytes);
  const step = rowsPerBlock(rowBytes);
  for (let first = 0; first < rows; first += step) {
    const count = min(step, rows - first);
    const x = source + <usize>first * rowBytes;
    const dy = outputGradient + <usize>first * rowBytes;
    let at: usize = 0;
    for (; at + 16 <= rowBytes; at += 16) {
      addSums(x + at, dy + at, mean + at, scaleGradient + at, offsetGradient + at, count, rowBytes, false);
    }
    for (; at < rowBytes; at += 4) {
      addSums(x + at, dy + at, mean + at, scaleGradient + at, offsetGradient + at, count, rowBytes, true);
    }
  }
  for (let at: usize = 0; at < rowBytes; at += 4) {
    const deviation = sqrt<f32>(load<f32>(variance + at) + epsilon);
    store<f32>(scaleGradient + at, load<f32>(scaleGradient + at) / deviation);
  }
}

@inline
function addSums(
  source: usize,
  outputGradient: usize,
  mean: usize,
  products: usize,
  sums: usize,
  count: i32,
  rowBytes: usize,
  isSingle: bool,
): void {
  const center = loadLanes(mean, isSingle);
  let product0 = zeros();
  let product1 = product0;
  let sum0 = product0;
  let sum1 = product0;
  let row = 0;
  for (; row + 2 <= count; row += 2) {
    const gradient0 = loadLanes(outputGradient, isSingle);
    const gradient1 = loadLanes(outputGradient + rowBytes, isSingle);
    sum0 = f32x4.add(sum0, gradient0);
    sum1 = f32x4.add(sum1, gradient1);
    product0 = multiplyAdd(f32x4.sub(loadLanes(source, isSingle), center), gradient0, product0);
    product1 = multiplyAdd(f32x4.sub(loadLanes(source + rowBytes, isSingle), center), gradient1, product1);
    source += 2 * rowBytes;
    outputGradient += 2 * rowBytes;
  }
  if (row < count) {
    const gradient = loadLanes(outputGradient, isSingle);
    sum0 = f32x4.add(sum0, gradient);
    product0 = multiplyAdd(f32x4.sub(loadLanes(source, isSingle), center), gradient, product0);
  }
  storeLanes(sums, f32x4.add(loadLanes(sums, isSingle), f32x4.add(sum0, sum1)), isSingle);
  storeLanes(products, f32x4.add(loadLanes(products, isSingle), f32x4.add(product0, product1)), isSingle);
}

/**
 * The gradient of the source, where mean and variance are those of the source itself:
 *
 * scale / deviation * (outputGradient - offsetGradient / rows - normalized * scaleGradient / rows)
 *
 * Layouts as in `normalize`; workspace: [4][period].
 */
export function normalizationGradient(
  source: usize,
  outputGradient: usize,
  inputGradient: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  scaleGradient: usize,
  offsetGradient: usize,
  epsilon: f32,
  count: i32,
  columns: i32,
  period: i32,
  workspace: usize,
): void {
  const periodBytes = bytes(period);
  const rows = <f32>(count / columns);
  const means = workspace;
  const factors = means + periodBytes;
  const slopes = factors + periodBytes;
  const constants = slopes + periodBytes;
  for (let index = 0; index < period; index++) {
    const at = bytes(index);
    const from = bytes(index % columns);
    const inverse: f32 = 1 / sqrt<f32>(load<f32>(variance + from) + epsilon);
    const factor = scale ? inverse * load<f32>(scale + from) : inverse;
    store<f32>(means + at, load<f32>(mean + from));
    store<f32>(factors + at, factor);
    store<f32>(slopes + at, -factor * inverse * (load<f32>(scaleGradient + from) / rows));
    store<f32>(constants + at, -factor * (load<f32>(offsetGradient + from) / rows));
  }
  const end = source + bytes(count);
  while (source < end) {
    const run = min(periodBytes, end - source);
    let at: usize = 0;
    for (; at + 16 <= run; at += 16) {
      gradientLanes(source, outputGradient, inputGradient, workspace, periodBytes, at, false);
    }
    for (; at < run; at += 4) {
      gradientLanes(source, outputGradient, inputGradient, workspace, periodBytes, at, true);
    }
    source += run;
    outputGradient += run;
    inputGradient += run;
  }
}

@inline
function gradientLanes(
  source: usize,
  outputGradient: usize,
  inputGradient: usize,
  workspace: usize,
  periodBytes: usize,
  at: usize,
  isSingle: bool,
): void {
  const place = workspace + at;
  const deviation = f32x4.sub(loadLanes(source + at, isSingle), loadLanes(place, isSingle));
  const slope = loadLanes(place + 2 * periodBytes, isSingle);
  const value = multiplyAdd(deviation, slope, loadLanes(place + 3 * periodBytes, isSingle));
  const factor = loadLanes(place + periodBytes, isSingle);
  storeLanes(inputGradient + at, multiplyAdd(loadLanes(outputGradient + at, isSingle), factor, value), isSingle);
}
