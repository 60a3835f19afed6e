// Small helpers over the SIMD instructions. All numbers are float32, four to a vector.

/** `a * b + c` in every lane: rounded once with relaxed SIMD (where the CPU fuses it), twice without. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f32x4.relaxed_madd(a, b, c);
  } else {
    return f32x4.add(f32x4.mul(a, b), c);
  }
}

@inline
export function zeros(): v128 {
  return f32x4.splat(0);
}

/** Bytes of `count` floats. */
@inline
export function bytes(count: i32): usize {
  return <usize>count << 2;
}

/** Four floats, or with `isSingle` one float in lane 0 and zeros in the others. */
@inline
export function loadLanes(address: usize, isSingle: bool): v128 {
  return isSingle ? v128.load32_zero(address) : v128.load(address);
}

@inline
export function storeLanes(address: usize, value: v128, isSingle: bool): void {
  if (isSingle) v128.store32_lane(address, value, 0);
  else v128.store(address, value);
}

/** Stores the first `count` (0 to 4) lanes. */
@inline
export function storeFirstLanes(address: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, value);
    return;
  }
  if (count > 0) v128.store32_lane(address, value, 0);
  if (count > 1) v128.store32_lane(address + 4, value, 1);
  if (count > 2) v128.store32_lane(address + 8, value, 2);
}

/** Four floats that lie `stride` bytes apart. */
@inline
export function gatherLanes(address: usize, stride: usize): v128 {
  let value = v128.load32_zero(address);
  value = v128.load32_lane(address + stride, value, 1);
  value = v128.load32_lane(address + 2 * stride, value, 2);
  return v128.load32_lane(address + 3 * stride, value, 3);
}
