// Products of matrices, either of which may be stored transposed: dense layers and their gradients.
import { accumulateTile, multiplyTile } from './multiply';
import { packFourRows } from './packing';
import { bytes, gatherLanes, zeros } from './simd';

/**
 * output = A x B for a depth that fits the cache as a whole.
 *
 * a:       [rows][depth], or [depth][rows] if `transposed`
 * packedB: [ceil(columns / 8)][depth][8]
 * output:  [rows][columns]
 * panel:   scratch, [tilesPerPanel][depth][4]
 */
export function multiplyMatrices(
  a: usize,
  transposed: bool,
  packedB: usize,
  output: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  panel: usize,
  tilesPerPanel: i32,
): void {
  const tileBytes = <usize>depth << 4;
  for (let firstRow = 0; firstRow < rows; firstRow += 4 * tilesPerPanel) {
    const endRow = min(rows, firstRow + 4 * tilesPerPanel);
    packRows(a, transposed, rows, depth, firstRow, endRow, 0, depth, panel);
    let b = packedB;
    for (let column = 0; column < columns; column += 8) {
      let tile = panel;
      for (let row = firstRow; row < endRow; row += 4) {
        const target = output + bytes(row * columns + column);
        const count = min(4, endRow - row);
        multiplyTile(tile, b, depth, zeros(), zeros(), target, bytes(columns), count, columns - column, false);
        tile += tileBytes;
      }
      b += <usize>depth << 5;
    }
  }
}

/**
 * Adds a slice of the depth to the product: `length` of it from `start` on.
 *
 * packedB:      [ceil(columns / 8)][length][8]
 * accumulators: [ceil(columns / 8)][ceil(rows / 4)][4][8]
 * panel:        scratch, [ceil(rows / 4)][length][4]
 */
export function accumulateMatrices(
  a: usize,
  transposed: bool,
  packedB: usize,
  accumulators: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  start: i32,
  length: i32,
  panel: usize,
): void {
  packRows(a, transposed, rows, depth, 0, rows, start, length, panel);
  let b = packedB;
  let target = accumulators;
  for (let column = 0; column < columns; column += 8) {
    let tile = panel;
    for (let row = 0; row < rows; row += 4) {
      accumulateTile(tile, b, length, target, 32);
      tile += <usize>length << 4;
      target += 128;
    }
    b += <usize>length << 5;
  }
}

/** Rows in groups of four, missing ones repeated or zero: [groups][length][4]. */
function packRows(
  a: usize,
  transposed: bool,
  rows: i32,
  depth: i32,
  firstRow: i32,
  endRow: i32,
  start: i32,
  length: i32,
  target: usize,
): void {
  if (transposed) {
    packTransposedRows(a + bytes(start) * <usize>rows, rows, firstRow, endRow, length, target);
    return;
  }
  const last = rows - 1;
  for (let row = firstRow; row < endRow; row += 4) {
    const from = a + bytes(start);
    target = packFourRows(
      from + bytes(depth) * <usize>row,
      from + bytes(depth) * <usize>min(last, row + 1),
      from + bytes(depth) * <usize>min(last, row + 2),
      from + bytes(depth) * <usize>min(last, row + 3),
      length,
      target,
    );
  }
}

/** The outer loop runs over the depth, so that neighbouring rows are read together. */
function packTransposedRows(
  source: usize,
  rows: i32,
  firstRow: i32,
  endRow: i32,
  length: i32,
  target: usize,
): void {
  const groupBytes = <usize>length << 4;
  for (let at = 0; at < length; at++) {
    let from = source + bytes(firstRow);
    let to = target;
    let row = firstRow;
    for (; row + 4 <= endRow; row += 4) {
      v128.store(to, v128.load(from));
      from += 16;
      to += groupBytes;
    }
    if (row < endRow) {
      v128.store(to, zeros());
      for (let lane = 0; lane < endRow - row; lane++) store<f32>(to + bytes(lane), load<f32>(from + bytes(lane)));
    }
    source += bytes(rows);
    target += 16;
  }
}

/**
 * Columns of a matrix that is stored transposed, eight at a time.
 *
 * source: [columns][rowBytes], of which `length` floats are taken
 * target: [ceil(columns / 8)][length][8], missing columns zero
 */
export function packTransposedColumns(source: usize, rowBytes: usize, target: usize, length: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8) {
    const count = columns - column;
    let from = source + rowBytes * <usize>column;
    for (let at = 0; at < length; at++) {
      if (count >= 8) {
        v128.store(target, gatherLanes(from, rowBytes));
        v128.store(target, gatherLanes(from + 4 * rowBytes, rowBytes), 16);
      } else {
        v128.store(target, zeros());
        v128.store(target, zeros(), 16);
        for (let lane = 0; lane < count; lane++)
          store<f32>(target + bytes(lane), load<f32>(from + <usize>lane * rowBytes));
      }
      target += 32;
      from += 4;
    }
  }
}
