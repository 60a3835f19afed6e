// Convolution as one matrix product: pixels of the output x taps of the filter. The left matrix is never built as a
// whole; a few tiles of 4 pixels at a time are packed and multiplied while they are in the cache.
import { multiplyTile } from './multiply';
import { packFourRows } from './packing';
import { bytes } from './simd';

/**
 * output = relu?(convolution(source) + bias), without padding: `copyWindow` adds that before.
 *
 * source:       [images][rows of rowBytes][columns][channels], images `imageBytes` apart
 * packedFilter: [ceil(outputChannels / 8)][filterHeight * filterWidth * channels][8]
 * bias:         [outputChannels rounded up to a multiple of 8]
 * output:       [images][outputHeight][outputWidth][outputChannels]
 * panel:        scratch, [tilesPerPanel][filterHeight * filterWidth * channels][4]
 */
export function convolve(
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
  dilationHeight: i32,
  dilationWidth: i32,
  packedFilter: usize,
  bias: usize,
  relu: bool,
  output: usize,
  panel: usize,
  tilesPerPanel: i32,
): void {
  const depth = filterHeight * filterWidth * channels;
  const filterPanelBytes = <usize>depth << 5;
  const tileBytes = <usize>depth << 4;
  const outputPixelBytes = bytes(outputChannels);
  const strideRowBytes = <usize>strideHeight * rowBytes;
  const strideColumnBytes = bytes(strideWidth * channels);
  // Without dilation, one filter row meets one contiguous run of the source.
  const runsPerRow = dilationWidth === 1 ? 1 : filterWidth;
  const runLength = dilationWidth === 1 ? filterWidth * channels : channels;
  const runBytes = bytes(dilationWidth * channels);
  const filterRowBytes = <usize>dilationHeight * rowBytes;

  let remaining = images * outputHeight * outputWidth;
  let imageStart = source;
  let rowStart = source;
  let pixel = source;
  let row = 0;
  let column = 0;
  while (remaining > 0) {
    const pixels = min(remaining, tilesPerPanel * 4);
    const tiles = (pixels + 3) >> 2;
    let packed = panel;
    let current = pixel;
    let left = pixels;
    for (let tile = 0; tile < tiles; tile++) {
      let pixel0: usize = 0;
      let pixel1: usize = 0;
      let pixel2: usize = 0;
      let pixel3: usize = 0;
      for (let lane = 0; lane < 4; lane++) {
        if (left > 0) {
          current = pixel;
          left--;
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
        } // else the tile repeats its last pixel
        if (lane === 0) pixel0 = current;
        else if (lane === 1) pixel1 = current;
        else if (lane === 2) pixel2 = current;
        else pixel3 = current;
      }
      for (let filterRow = 0; filterRow < filterHeight; filterRow++) {
        let offset = <usize>filterRow * filterRowBytes;
        for (let run = 0; run < runsPerRow; run++) {
          packed = packFourRows(pixel0 + offset, pixel1 + offset, pixel2 + offset, pixel3 + offset, runLength, packed);
          offset += runBytes;
        }
      }
    }

    let filterPanel = packedFilter;
    for (let channel = 0; channel < outputChannels; channel += 8) {
      const biasLow = v128.load(bias + bytes(channel));
      const biasHigh = v128.load(bias + bytes(channel), 16);
      let a = panel;
      let target = output + bytes(channel);
      for (let done = 0; done < pixels; done += 4) {
        multiplyTile(
          a,
          filterPanel,
          depth,
          biasLow,
          biasHigh,
          target,
          outputPixelBytes,
          min(4, pixels - done),
          outputChannels - channel,
          relu,
        );
        a += tileBytes;
        target += 4 * outputPixelBytes;
      }
      filterPanel += filterPanelBytes;
    }
    output += <usize>pixels * outputPixelBytes;
    remaining -= pixels;
  }
}

/**
 * Adds patches to the places of the image they were cut from (the transpose of cutting them out).
 *
 * patches: [pixels][filterHeight][filterWidth][channels], of the output pixels from `firstPixel` on, counted over
 *          images, rows and columns
 * image:   [images][height][width][channels]; what falls outside is dropped
 */
export function addPatches(
  patches: usize,
  image: usize,
  firstPixel: i32,
  pixels: i32,
  height: i32,
  width: i32,
  channels: i32,
  outputHeight: i32,
  outputWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
): void {
  const filterRowBytes = bytes(filterWidth * channels);
  for (let index = firstPixel; index < firstPixel + pixels; index++) {
    const outputColumn = index % outputWidth;
    const outputRow = (index / outputWidth) % outputHeight;
    const imageNumber = index / (outputWidth * outputHeight);
    const firstColumn = outputColumn * strideWidth - left;
    const firstTap = max(0, min(filterWidth, -firstColumn));
    const endTap = max(firstTap, min(filterWidth, width - firstColumn));
    for (let filterRow = 0; filterRow < filterHeight; filterRow++) {
      const row = outputRow * strideHeight - top + filterRow;
      if (row >= 0 && row < height) {
        let from = patches + bytes(firstTap * channels);
        let to = image + bytes(((imageNumber * height + row) * width + firstColumn + firstTap) * channels);
        let count = (endTap - firstTap) * channels;
        while (count >= 4) {
          v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
          from += 16;
          to += 16;
          count -= 4;
        }
        while (count > 0) {
          store<f32>(to, load<f32>(to) + load<f32>(from));
          from += 4;
          to += 4;
          count--;
        }
      }
      patches += filterRowBytes;
    }
  }
}
