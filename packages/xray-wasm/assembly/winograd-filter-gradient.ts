// Gradient of a 3 x 3 convolution for its filter with Winograd's F(4x4, 3x3), see winograd-transforms.ts.
import { accumulateTile } from './multiply';
import { bytes } from './simd';
import { SKEW, transformFilterGradientLine, transformGradientLine, transformInputTile } from './winograd-transforms';

/**
 * Adds the contribution of a block of tiles to the gradient of the filter, in the transformed domain.
 *
 * source:         [images][4 * tileRows + 2][4 * tileColumns + 2][channels]
 * outputGradient: [images][4 * tileRows][4 * tileColumns][outputChannels], zero outside the output
 * accumulators:   [36][outputChannels / 8][channels][8]
 * inputs:         scratch, [36][channels / 4][tilesPerStep][4] + 36 * 64 bytes
 * gradients:      scratch, [36][outputChannels / 8][tilesPerStep][8] + 36 * 64 bytes
 * workspace:      scratch, 36 vectors
 */
export function winogradAccumulateFilterGradient(
  source: usize,
  channels: i32,
  images: i32,
  tileRows: i32,
  tileColumns: i32,
  outputGradient: usize,
  outputChannels: i32,
  accumulators: usize,
  inputs: usize,
  gradients: usize,
  workspace: usize,
  tilesPerStep: i32,
): void {
  const pixelBytes = bytes(channels);
  const rowBytes = <usize>(4 * tileColumns + 2) * pixelBytes;
  const imageBytes = <usize>(4 * tileRows + 2) * rowBytes;
  const gradientPixelBytes = bytes(outputChannels);
  const gradientRowBytes = <usize>(4 * tileColumns) * gradientPixelBytes;
  const tilesPerImage = tileRows * tileColumns;
  const totalTiles = images * tilesPerImage;

  for (let firstTile = 0; firstTile < totalTiles; firstTile += tilesPerStep) {
    const tiles = min(tilesPerStep, totalTiles - firstTile);
    const inputPositionBytes = bytes(tiles * channels) + SKEW;
    const gradientPositionBytes = bytes(tiles * outputChannels) + SKEW;

    for (let index = 0; index < tiles; index++) {
      const tile = firstTile + index;
      const image = tile / tilesPerImage;
      const tileRow = (tile % tilesPerImage) / tileColumns;
      const tileColumn = tile % tileColumns;
      let from = source + <usize>image * imageBytes + <usize>(4 * tileRow) * rowBytes + <usize>(4 * tileColumn) * pixelBytes;
      let to = inputs + (<usize>index << 4);
      for (let channel = 0; channel < channels; channel += 4) {
        transformInputTile(from, rowBytes, pixelBytes, to, inputPositionBytes, workspace);
        from += 16;
        to += <usize>tiles << 4;
      }
      from =
        outputGradient +
        <usize>(4 * (image * tileRows + tileRow)) * gradientRowBytes +
        <usize>(4 * tileColumn) * gradientPixelBytes;
      for (let channel = 0; channel < outputChannels; channel += 4) {
        to = gradients + bytes((channel & ~7) * tiles + index * 8 + (channel & 4));
        for (let column: usize = 0; column < 4; column++) {
          transformGradientLine(from + column * gradientPixelBytes, gradientRowBytes, workspace + (column << 4), 64);
        }
        for (let row: usize = 0; row < 6; row++) {
          transformGradientLine(
            workspace + row * 64,
            16,
            to + row * 6 * gradientPositionBytes,
            gradientPositionBytes,
          );
        }
        from += 16;
      }
    }

    let target = accumulators;
    for (let position: usize = 0; position < 36; position++) {
      let b = gradients + position * gradientPositionBytes;
      for (let outputChannel = 0; outputChannel < outputChannels; outputChannel += 8) {
        let a = inputs + position * inputPositionBytes;
        for (let channel = 0; channel < channels; channel += 4) {
          accumulateTile(a, b, tiles, target, 32);
          a += <usize>tiles << 4;
          target += 128;
        }
        b += <usize>tiles << 5;
      }
    }
  }
}

/**
 * Transforms what `winogradAccumulateFilterGradient` gathered back.
 *
 * filterGradient: [3][3][channels][outputChannels]
 * workspace:      scratch, 18 vectors
 */
export function winogradFinishFilterGradient(
  accumulators: usize,
  filterGradient: usize,
  channels: i32,
  outputChannels: i32,
  workspace: usize,
): void {
  const positionBytes = bytes(channels * outputChannels);
  for (let outputChannel = 0; outputChannel < outputChannels; outputChannel += 4) {
    for (let channel = 0; channel < channels; channel++) {
      const from = accumulators + bytes(((outputChannel >> 3) * channels + channel) * 8 + (outputChannel & 4));
      for (let column: usize = 0; column < 6; column++) {
        transformFilterGradientLine(from + column * positionBytes, 6 * positionBytes, workspace + (column << 4), 96);
      }
      const to = filterGradient + bytes(channel * outputChannels + outputChannel);
      for (let row: usize = 0; row < 3; row++) {
        transformFilterGradientLine(workspace + row * 96, 16, to + row * 3 * positionBytes, positionBytes);
      }
    }
  }
}
