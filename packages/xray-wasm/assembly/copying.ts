import { bytes } from './simd';

/** Runs of fewer numbers are copied one by one: a call of `memory.copy` costs more. */
const SHORT_RUN = 8;

/** source: [rows][run] → target: [rows][stride], the first `run` numbers of each row. */
export function copyRuns(source: usize, target: usize, rows: i32, run: i32, stride: i32): void {
  const runBytes = bytes(run);
  const strideBytes = bytes(stride);
  for (let row = 0; row < rows; row++) {
    copyRun(source, target, run, runBytes);
    source += runBytes;
    target += strideBytes;
  }
}

/** source: [outer][length][inner] → target of the same shape, the middle axis backwards. */
export function reverseAxis(source: usize, target: usize, outer: i32, length: i32, inner: i32): void {
  const innerBytes = bytes(inner);
  const lengthBytes = <usize>length * innerBytes;
  for (let block = 0; block < outer; block++) {
    let to = target + lengthBytes;
    for (let index = 0; index < length; index++) {
      to -= innerBytes;
      copyRun(source, to, inner, innerBytes);
      source += innerBytes;
    }
    target += lengthBytes;
  }
}

/** source: [outer][run] → target: [outer][times][run] */
export function repeatRuns(source: usize, target: usize, outer: i32, run: i32, times: i32): void {
  const runBytes = bytes(run);
  const blockBytes = <usize>times * runBytes;
  for (let block = 0; block < outer; block++) {
    copyRun(source, target, run, runBytes);
    // What is filled already fills twice as much.
    for (let filled = runBytes; filled < blockBytes; filled *= 2) {
      memory.copy(target + filled, target, min(filled, blockBytes - filled));
    }
    source += runBytes;
    target += blockBytes;
  }
}

@inline
function copyRun(source: usize, target: usize, run: i32, runBytes: usize): void {
  if (run >= SHORT_RUN) {
    memory.copy(target, source, runBytes);
    return;
  }
  for (let at: usize = 0; at < runBytes; at += 4) store<f32>(target + at, load<f32>(source + at));
}
