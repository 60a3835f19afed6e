// Gradient of a convolution with respect to its filter, as one matrix product: taps x output channels, summed over
// the pixels of the output.
import { accumulateTile } from './multiply';
import { bytes, zeros } from './simd';

/**
 * Adds the contribution of a block of images (or of rows of one image) to the gradient.
 *
 * source:        [images][rows of rowBytes][columns][channels], padded already, images `imageBytes` apart
 * outputGradient: [images][outputHeight][outputWidth][outputChannels]
 * accumulators:  [ceil(outputChannels / 8)][ceil(taps / 4)][4][8], taps = filterHeight * filterWidth * channels
 * patches:       scratch, [ceil(taps / 4)][pixelsPerStep][4]
 * gradientPanel: scratch, [ceil(outputChannels / 8)][pixelsPerStep][8]
 * patchRow:      scratch, taps rounded up to a multiple of 4
 */
export function accumulateFilterGradient(
  source: usize,
  imageBytes: usize,
  rowBytes: usize,
  channels: i32,
  images: i32,
  outputHeight: i32,
  outputWidth: i32,
  outputChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  outputGradient: usize,
  accumulators: usize,
  patches: usize,
  gradientPanel: usize,
  patchRow: usize,
  pixelsPerStep: i32,
): void {
  const runLength = filterWidth * channels;
  const tapGroups = (filterHeight * runLength + 3) >> 2;
  const strideRowBytes = <usize>strideHeight * rowBytes;
  const strideColumnBytes = bytes(strideWidth * channels);
  v128.store(patchRow + (<usize>(tapGroups - 1) << 4), zeros()); // the taps that only fill up the last group

  let remaining = images * outputHeight * outputWidth;
  let imageStart = source;
  let rowStart = source;
  let pixel = source;
  let row = 0;
  let column = 0;
  while (remaining > 0) {
    const pixels = min(remaining, pixelsPerStep);
    const groupBytes = <usize>pixels << 4;
    for (let index = 0; index < pixels; index++) {
      packPatch(pixel, rowBytes, filterHeight, runLength, patches + (<usize>index << 4), groupBytes, patchRow);
      pixel += strideColumnBytes;
      if (++column === outputWidth) {
        column = 0;
        rowStart += strideRowBytes;
        if (++row === outputHeight) {
          row = 0;
          imageStart += imageBytes;
          rowStart = imageStart;
        }
        pixel = rowStart;
      }
    }
    packGradient(outputGradient, gradientPanel, pixels, outputChannels);

    let b = gradientPanel;
    let target = accumulators;
    for (let channel = 0; channel < outputChannels; channel += 8) {
      let a = patches;
      for (let group = 0; group < tapGroups; group++) {
        accumulateTile(a, b, pixels, target, 32);
        a += groupBytes;
        target += 128;
      }
      b += <usize>pixels << 5;
    }
    outputGradient += bytes(pixels * outputChannels);
    remaining -= pixels;
  }
}

/** Writes the taps of one pixel, four at a time, `groupBytes` apart. */
@inline
function packPatch(
  pixel: usize,
  rowBytes: usize,
  filterHeight: i32,
  runLength: i32,
  target: usize,
  groupBytes: usize,
  patchRow: usize,
): void {
  if ((runLength & 3) === 0) {
    for (let filterRow = 0; filterRow < filterHeight; filterRow++) {
      for (let offset: usize = 0; offset < bytes(runLength); offset += 16) {
        v128.store(target, v128.load(pixel + offset));
        target += groupBytes;
      }
      pixel += rowBytes;
    }
    return;
  }
  // Groups straddle the filter's rows: line the taps up first.
  let to = patchRow;
  for (let filterRow = 0; filterRow < filterHeight; filterRow++) {
    let from = pixel;
    let count = runLength;
    while (count >= 4) {
      v128.store(to, v128.load(from));
      from += 16;
      to += 16;
      count -= 4;
    }
    while (count > 0) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += 4;
      count--;
    }
    pixel += rowBytes;
  }
  for (let from = patchRow; from < to; from += 16) {
    v128.store(target, v128.load(from));
    target += groupBytes;
  }
}

/** [pixels][channels] to [ceil(channels / 8)][pixels][8], missing channels zero. */
@inline
function packGradient(source: usize, target: usize, pixels: i32, channels: i32): void {
  for (let channel = 0; channel < channels; channel += 8) {
    let from = source + bytes(channel);
    const count = channels - channel;
    for (let pixel = 0; pixel < pixels; pixel++) {
      if (count >= 8) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        v128.store(target, zeros());
        v128.store(target, zeros(), 16);
        for (let lane = 0; lane < count; lane++) store<f32>(target + bytes(lane), load<f32>(from + bytes(lane)));
      }
      from += bytes(channels);
      target += 32;
    }
  }
}
