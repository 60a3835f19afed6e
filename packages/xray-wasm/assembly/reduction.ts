import { bytes, loadLanes, storeLanes, zeros } from './simd';

/** Rows summed before their total joins the sum: keeps the rounding error of long sums small. */
const ROWS_PER_SUM = 256;

/** source: [rows][columns], target: [columns], its sum over the rows. */
export function sumRows(source: usize, target: usize, rows: i32, columns: i32): void {
  const rowBytes = bytes(columns);
  memory.fill(target, 0, rowBytes);
  for (let firstRow = 0; firstRow < rows; firstRow += ROWS_PER_SUM) {
    const count = min(ROWS_PER_SUM, rows - firstRow);
    const start = source + <usize>firstRow * rowBytes;
    let column = 0;
    for (; column + 16 <= columns; column += 16) {
      let from = start + bytes(column);
      let sum0 = zeros();
      let sum1 = sum0;
      let sum2 = sum0;
      let sum3 = sum0;
      for (let row = 0; row < count; row++) {
        sum0 = f32x4.add(sum0, v128.load(from));
        sum1 = f32x4.add(sum1, v128.load(from, 16));
        sum2 = f32x4.add(sum2, v128.load(from, 32));
        sum3 = f32x4.add(sum3, v128.load(from, 48));
        from += rowBytes;
      }
      const to = target + bytes(column);
      v128.store(to, f32x4.add(v128.load(to), sum0));
      v128.store(to, f32x4.add(v128.load(to, 16), sum1), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), sum2), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), sum3), 48);
    }
    for (; column + 4 <= columns; column += 4) {
      sumColumns(start + bytes(column), target + bytes(column), count, rowBytes, false);
    }
    for (; column < columns; column++) {
      sumColumns(start + bytes(column), target + bytes(column), count, rowBytes, true);
    }
  }
}

/** source: [outer][rows][columns], target: [outer][columns], `factor` times the sum over the rows. */
export function sumMiddle(source: usize, target: usize, outer: i32, rows: i32, columns: i32, factor: f32): void {
  const sourceBytes = <usize>rows * bytes(columns);
  const targetBytes = bytes(columns);
  for (let block = 0; block < outer; block++) {
    sumRows(source, target, rows, columns);
    if (factor !== 1) {
      for (let at: usize = 0; at < targetBytes; at += 4) store<f32>(target + at, load<f32>(target + at) * factor);
    }
    source += sourceBytes;
    target += targetBytes;
  }
}

/**
 * source: [rows][columns], segments: [rows] integers, target: [segmentCount][columns], zero before: each row joins the
 * sum of its segment; rows of other segments join none.
 */
export function sumSegments(
  source: usize,
  segments: usize,
  target: usize,
  rows: i32,
  columns: i32,
  segmentCount: i32,
): void {
  const rowBytes = bytes(columns);
  for (let row = 0; row < rows; row++) {
    const segment = load<i32>(segments + bytes(row));
    if (segment >= 0 && segment < segmentCount) {
      const to = target + <usize>segment * rowBytes;
      let at: usize = 0;
      for (; at + 16 <= rowBytes; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(source + at)));
      for (; at < rowBytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(source + at));
    }
    source += rowBytes;
  }
}

@inline
function sumColumns(source: usize, target: usize, rows: i32, rowBytes: usize, isSingle: bool): void {
  let sum = zeros();
  for (let row = 0; row < rows; row++) {
    sum = f32x4.add(sum, loadLanes(source, isSingle));
    source += rowBytes;
  }
  storeLanes(target, f32x4.add(loadLanes(target, isSingle), sum), isSingle);
}
