// Convolutions of 3 x 3 with Winograd's F(4x4, 3x3), see winograd-transforms.ts.
import { multiplyTile } from './multiply';
import { packFourRows } from './packing';
import { bytes, gatherLanes, zeros } from './simd';
import { SKEW, transformFilterLine, transformInputTile, transformOutputLine } from './winograd-transforms';

/**
 * filter: [3][3][inputChannels][outputChannels]
 * target: [outputs / 8][36][inputs][8]. As it is, inputs are the filter's input channels; `rotated` for the gradient
 *         of the input, the filter turned by 180 degrees, inputs and outputs swapped.
 * workspace: scratch, 18 vectors
 */
export function transformFilter(
  filter: usize,
  target: usize,
  inputChannels: i32,
  outputChannels: i32,
  rotated: bool,
  workspace: usize,
): void {
  const inputs = rotated ? outputChannels : inputChannels;
  const outputs = rotated ? inputChannels : outputChannels;
  const tapBytes = bytes(inputChannels * outputChannels);
  const positionBytes = bytes(inputs * 8);
  for (let output = 0; output < outputs; output += 4) {
    for (let input = 0; input < inputs; input++) {
      for (let column: usize = 0; column < 3; column++) {
        let x0: v128;
        let x1: v128;
        let x2: v128;
        if (rotated) {
          const from = filter + bytes(output * outputChannels + input) + (2 - column) * tapBytes;
          x0 = gatherLanes(from + 6 * tapBytes, bytes(outputChannels));
          x1 = gatherLanes(from + 3 * tapBytes, bytes(outputChannels));
          x2 = gatherLanes(from, bytes(outputChannels));
        } else {
          const from = filter + bytes(input * outputChannels + output) + column * tapBytes;
          x0 = v128.load(from);
          x1 = v128.load(from + 3 * tapBytes);
          x2 = v128.load(from + 6 * tapBytes);
        }
        transformFilterLine(x0, x1, x2, workspace + (column << 4), 48);
      }
      const to = target + bytes(((output >> 3) * 36 * inputs + input) * 8 + (output & 4));
      for (let row: usize = 0; row < 6; row++) {
        const from = workspace + row * 48;
        transformFilterLine(
          v128.load(from),
          v128.load(from, 16),
          v128.load(from, 32),
          to + row * 6 * positionBytes,
          positionBytes,
        );
      }
    }
  }
}

/**
 * output = relu?(convolution(source) + bias), stride 1.
 *
 * source:            [images][4 * tileRows + 2][4 * tileColumns + 2][channels]
 * transformedFilter: [outputChannels / 8][36][channels][8], of `transformFilter`
 * bias:              [outputChannels]
 * output:            [images][outputHeight][outputWidth][outputChannels], at most 4 * tileRows x 4 * tileColumns pixels
 * inputs:            scratch, [36][4][channels] + 36 * 64 bytes
 * panels:            scratch, [36][tilesPerStep / 4][channels][4]
 * products:          scratch, [36][tilesPerStep][8] + 36 * 64 bytes
 * workspace:         scratch, 36 vectors
 * tilesPerStep must be a multiple of 4.
 */
export function winogradConvolve(
  source: usize,
  channels: i32,
  images: i32,
  tileRows: i32,
  tileColumns: i32,
  transformedFilter: usize,
  bias: usize,
  relu: bool,
  output: usize,
  outputHeight: i32,
  outputWidth: i32,
  outputChannels: i32,
  inputs: usize,
  panels: usize,
  products: usize,
  workspace: usize,
  tilesPerStep: i32,
): void {
  const pixelBytes = bytes(channels);
  const rowBytes = <usize>(4 * tileColumns + 2) * pixelBytes;
  const imageBytes = <usize>(4 * tileRows + 2) * rowBytes;
  const outputPixelBytes = bytes(outputChannels);
  const filterPanelBytes = <usize>channels << 5;
  const inputPositionBytes = 4 * pixelBytes + SKEW;
  const tilesPerImage = tileRows * tileColumns;
  const totalTiles = images * tilesPerImage;

  for (let firstTile = 0; firstTile < totalTiles; firstTile += tilesPerStep) {
    const tiles = min(tilesPerStep, totalTiles - firstTile);
    const paddedTiles = (tiles + 3) & ~3; // the products of the last few are computed, then ignored
    const panelBytes = bytes(paddedTiles * channels);
    const productPositionBytes = bytes(paddedTiles * 8) + SKEW;

    for (let index = 0; index < tiles; index++) {
      const tile = firstTile + index;
      const image = tile / tilesPerImage;
      const tileRow = (tile % tilesPerImage) / tileColumns;
      const tileColumn = tile % tileColumns;
      let from =
        source + <usize>image * imageBytes + <usize>(4 * tileRow) * rowBytes + <usize>(4 * tileColumn) * pixelBytes;
      let to = inputs + <usize>(index & 3) * pixelBytes;
      for (let channel = 0; channel < channels; channel += 4) {
        transformInputTile(from, rowBytes, pixelBytes, to, inputPositionBytes, workspace);
        from += 16;
        to += 16;
      }
      if ((index & 3) === 3 || index === tiles - 1) {
        for (let position: usize = 0; position < 36; position++) {
          const rows = inputs + position * inputPositionBytes;
          const panel = panels + position * panelBytes + <usize>(index >> 2) * 4 * pixelBytes;
          packFourRows(rows, rows + pixelBytes, rows + 2 * pixelBytes, rows + 3 * pixelBytes, channels, panel);
        }
      }
    }

    let filterPanel = transformedFilter;
    for (let channel = 0; channel < outputChannels; channel += 8) {
      let a = panels;
      for (let position: usize = 0; position < 36; position++) {
        let to = products + position * productPositionBytes;
        for (let index = 0; index < paddedTiles; index += 4) {
          multiplyTile(a, filterPanel, channels, zeros(), zeros(), to, 32, 4, 8, false);
          a += 4 * pixelBytes;
          to += 128;
        }
        filterPanel += filterPanelBytes;
      }

      for (let index = 0; index < tiles; index++) {
        const tile = firstTile + index;
        const image = tile / tilesPerImage;
        const row = 4 * ((tile % tilesPerImage) / tileColumns);
        const column = 4 * (tile % tileColumns);
        const rows = min(4, outputHeight - row);
        const columns = min(4, outputWidth - column);
        const from = products + (<usize>index << 5);
        const to =
          output + <usize>((image * outputHeight + row) * outputWidth + column) * outputPixelBytes + bytes(channel);
        for (let half: usize = 0; half < 32; half += 16) {
          for (let tileColumn: usize = 0; tileColumn < 6; tileColumn++) {
            transformOutputLine(
              from + half + tileColumn * productPositionBytes,
              6 * productPositionBytes,
              workspace + (tileColumn << 4),
              96,
            );
          }
          const biasVector = v128.load(bias + bytes(channel) + half);
          let target = to + half;
          for (let tileRow = 0; tileRow < rows; tileRow++) {
            const line = workspace + <usize>tileRow * 96;
            transformOutputLine(line, 16, line, 16); // in place: it reads the sixth last, and writes four
            for (let tileColumn = 0; tileColumn < columns; tileColumn++) {
              let value = f32x4.add(v128.load(line + (<usize>tileColumn << 4)), biasVector);
              if (relu) value = f32x4.pmax(value, zeros());
              v128.store(target + <usize>tileColumn * outputPixelBytes, value);
            }
            target += <usize>outputWidth * outputPixelBytes;
          }
        }
      }
    }
  }
}
