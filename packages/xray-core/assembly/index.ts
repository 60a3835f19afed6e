// What is done to every decoded image: luma, and antialiased resizing of bytes, one axis at a time, in the integers of
// src/resample-bytes.ts. Weights of the resize have 22 binary digits after the point; their upper and lower 11 are multiplied
// apart, because pairs of 16-bit products are summed by one instruction.

const FRACTION_BITS: i32 = 22;
const LOW_BITS: i32 = 11;
const HALF: i32 = 1 << (FRACTION_BITS - 1);

/** Sums of four lanes, for four vectors. */
@inline
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const left = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const right = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(left, right, 0, 1, 4, 5), v128.shuffle<i32>(left, right, 2, 3, 6, 7));
}

@inline
function join(high: v128, low: v128): v128 {
  return i32x4.add(i32x4.shl(high, LOW_BITS), low);
}

@inline
function round(sum: v128): v128 {
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(HALF)), FRACTION_BITS);
}

/**
 * Filters along rows. Reads up to `8 * blocks` bytes from the first tap of each target column.
 *
 * @param rows A multiple of 4.
 * @param starts u32 `[width]`, first source column.
 * @param weights i16 `[width, blocks, upper and lower, 8]`.
 */
export function resampleColumns(
  source: usize,
  sourceStride: usize,
  rows: i32,
  starts: usize,
  weights: usize,
  blocks: i32,
  target: usize,
  targetStride: usize,
  width: i32,
): void {
  for (let row = 0; row < rows; row += 4) {
    let weight = weights;
    for (let column = 0; column < width; column++) {
      let from = source + load<u32>(starts + (<usize>column << 2));
      let high0 = i32x4.splat(0);
      let high1 = i32x4.splat(0);
      let high2 = i32x4.splat(0);
      let high3 = i32x4.splat(0);
      let low0 = i32x4.splat(0);
      let low1 = i32x4.splat(0);
      let low2 = i32x4.splat(0);
      let low3 = i32x4.splat(0);
      for (let block = 0; block < blocks; block++) {
        const high = v128.load(weight);
        const low = v128.load(weight, 16);
        let line = from;
        const pixels0 = v128.load_ext<u8>(line);
        line += sourceStride;
        const pixels1 = v128.load_ext<u8>(line);
        line += sourceStride;
        const pixels2 = v128.load_ext<u8>(line);
        line += sourceStride;
        const pixels3 = v128.load_ext<u8>(line);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pixels0, high));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pixels0, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pixels1, high));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pixels1, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pixels2, high));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pixels2, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(pixels3, high));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pixels3, low));
        weight += 32;
        from += 8;
      }
      const sums = round(sumLanes(join(high0, low0), join(high1, low1), join(high2, low2), join(high3, low3)));
      let place = target + column;
      v128.store8_lane(place, sums, 0);
      place += targetStride;
      v128.store8_lane(place, sums, 4);
      place += targetStride;
      v128.store8_lane(place, sums, 8);
      place += targetStride;
      v128.store8_lane(place, sums, 12);
    }
    source += sourceStride << 2;
    target += targetStride << 2;
  }
}

/**
 * Filters along columns. Reads `2 * pairs` rows from the first tap of each target row.
 *
 * @param stride Bytes per row of source and target, a multiple of 16.
 * @param starts u32 `[height]`, first source row.
 * @param weights i16 `[height, pairs, upper and lower, 2]`.
 */
export function resampleRows(
  source: usize,
  stride: usize,
  starts: usize,
  weights: usize,
  pairs: i32,
  target: usize,
  height: i32,
): void {
  for (let row = 0; row < height; row++) {
    const first = source + <usize>load<u32>(starts + (<usize>row << 2)) * stride;
    for (let column: usize = 0; column < stride; column += 16) {
      let from = first + column;
      let weight = weights;
      let high0 = i32x4.splat(0);
      let high1 = i32x4.splat(0);
      let high2 = i32x4.splat(0);
      let high3 = i32x4.splat(0);
      let low0 = i32x4.splat(0);
      let low1 = i32x4.splat(0);
      let low2 = i32x4.splat(0);
      let low3 = i32x4.splat(0);
      for (let pair = 0; pair < pairs; pair++) {
        const high = v128.load32_splat(weight);
        const low = v128.load32_splat(weight, 4);
        const upper = v128.load(from);
        from += stride;
        const lower = v128.load(from);
        from += stride;
        const left = v128.shuffle<i8>(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const right = v128.shuffle<i8>(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const pixels0 = i16x8.extend_low_i8x16_u(left);
        const pixels1 = i16x8.extend_high_i8x16_u(left);
        const pixels2 = i16x8.extend_low_i8x16_u(right);
        const pixels3 = i16x8.extend_high_i8x16_u(right);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pixels0, high));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pixels0, low));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pixels1, high));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pixels1, low));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pixels2, high));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pixels2, low));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(pixels3, high));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pixels3, low));
        weight += 8;
      }
      const left = i16x8.narrow_i32x4_s(round(join(high0, low0)), round(join(high1, low1)));
      const right = i16x8.narrow_i32x4_s(round(join(high2, low2)), round(join(high3, low3)));
      v128.store(target + column, i8x16.narrow_i16x8_u(left, right));
    }
    weights += <usize>pairs << 3;
    target += stride;
  }
}

/** Weights of red and half of green, and of the other half and blue: all of green is too large for 16 bits. */
const RED_GREEN: i32 = (19235 << 16) | 19595;
const GREEN_BLUE: i32 = (7471 << 16) | 19235;

/** Luma of the four RGB pixels in the first 12 bytes. */
@inline
function lumaOfFour(source: usize): v128 {
  const pixels = v128.load(source);
  const zeros = i32x4.splat(0);
  const left = v128.shuffle<i8>(pixels, zeros, 0, 16, 1, 16, 3, 16, 4, 16, 6, 16, 7, 16, 9, 16, 10, 16);
  const right = v128.shuffle<i8>(pixels, zeros, 1, 16, 2, 16, 4, 16, 5, 16, 7, 16, 8, 16, 10, 16, 11, 16);
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(left, i32x4.splat(RED_GREEN)),
    i32x4.dot_i16x8_s(right, i32x4.splat(GREEN_BLUE)),
  );
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(0x8000)), 16);
}

/**
 * RGB to gray, as in src/prepare-image.ts. Reads 4 bytes more than the pixels have.
 *
 * @param pixels A multiple of 16.
 */
export function luma(source: usize, target: usize, pixels: i32): void {
  const end = target + pixels;
  for (; target < end; target += 16) {
    const left = i16x8.narrow_i32x4_s(lumaOfFour(source), lumaOfFour(source + 12));
    const right = i16x8.narrow_i32x4_s(lumaOfFour(source + 24), lumaOfFour(source + 36));
    v128.store(target, i8x16.narrow_i16x8_u(left, right));
    source += 48;
  }
}
