/** Accumulators in flight: enough to hide the latency of a multiply-add, few enough to stay in registers. */
const ACCUMULATORS = 13;
const LANES = 4;
const F32 = 0x7d;
const I32 = 0x7f;
const V128 = 0x7b;

/**
 * The most that this engine computes with 128-bit SIMD on one core, in billions of operations per second: independent
 * multiply-add chains in registers, no memory. Kernels cannot pass it; their share of it says what is left to gain.
 *
 * @param milliseconds - Shortest time to measure over.
 */
export function measureSimdPeak(milliseconds = 300): number {
  const relaxed = assemble(true);
  const bytes = WebAssembly.validate(relaxed) ? relaxed : assemble(false);
  const run = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run as (n: number) => number;
  let iterations = 1e5;
  let best = 0;
  for (let elapsed = 0; elapsed < milliseconds; ) {
    const start = performance.now();
    run(iterations);
    const took = performance.now() - start;
    elapsed += took;
    best = Math.max(best, (iterations * ACCUMULATORS * LANES * 2) / (took * 1e6));
    if (took < 20) iterations *= 2;
  }
  return best;
}

/** A module whose `run(iterations)` does nothing but multiply and add. Source: WebAssembly core specification 2.0, binary format. */
function assemble(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const simd = (opcode: number, ...immediates: number[]) => [0xfd, ...leb128(opcode), ...immediates];
  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const splat = (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), ...simd(0x13)];
  const [factor, summand] = [ACCUMULATORS + 1, ACCUMULATORS + 2];
  const accumulators = Array.from({ length: ACCUMULATORS }, (_, index) => index + 1);
  const multiplyAdd = (local: number) =>
    relaxed
      ? [...get(local), ...get(factor), ...get(summand), ...simd(0x105), ...set(local)]
      : [...get(local), ...get(factor), ...simd(0xe6), ...get(summand), ...simd(0xe4), ...set(local)];
  const body = [
    ...[1, summand, V128],
    ...accumulators.flatMap((local) => [...splat(local), ...set(local)]),
    ...[...splat(0.999), ...set(factor), ...splat(1e-3), ...set(summand)],
    ...[0x03, 0x40, ...accumulators.flatMap(multiplyAdd)],
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
    ...get(1),
    ...accumulators.slice(1).flatMap((local) => [...get(local), ...simd(0xe4)]),
    ...[...simd(0x1f, 0), 0x0b],
  ];
  const section = (id: number, content: number[]) => [id, ...leb128(content.length), ...content];
  const name = [...new TextEncoder().encode('run')];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, name.length, ...name, 0, 0]),
    ...section(10, [1, ...leb128(body.length), ...body]),
  ]);
}

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
