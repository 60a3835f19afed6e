import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers the two gradients that the stock wasm backend lacks, put together from its other kernels, so that its
 * training can be timed at all: the gradient of the filters as one matrix product for every place of the kernel, and
 * that of a max pool by comparing its input at every place of the window with the output.
 *
 * Covers what the networks here need: channels last, no dilation. Values that tie in a window all get the gradient.
 *
 * @returns A function that takes them out again.
 */
export function registerStockGradients(): () => void {
  const kernels: Readonly<Record<string, (inputs: Inputs, attrs: Attributes) => tf.Tensor>> = {
    Conv2DBackpropFilter: (inputs, attrs) => filterGradient(inputs.x!, inputs.dy!, attrs),
    MaxPoolGrad: (inputs, attrs) => poolGradient(inputs.input!, inputs.output!, inputs.dy!, attrs),
  };
  for (const [kernelName, gradient] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) =>
        // Ops hand their kernels whole tensors.
        tf.tidy(() => gradient(inputs as unknown as Inputs, attrs as unknown as Attributes)),
    });
  }
  return () => {
    for (const kernelName of Object.keys(kernels)) tf.unregisterKernel(kernelName, 'wasm');
  };
}

type Inputs = Readonly<Record<string, tf.Tensor4D>>;

interface Attributes {
  readonly filterShape: [number, number, number, number];
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function filterGradient(images: tf.Tensor4D, dy: tf.Tensor4D, attrs: Attributes): tf.Tensor4D {
  const { filterShape, strides, pad, dimRoundingMode } = attrs;
  const [height, width, inputs, outputs] = filterShape;
  const geometry = tf.backend_util.computeConv2DInfo(
    ...([images.shape, filterShape, strides, 1, pad, dimRoundingMode] as const),
  );
  const padded = padImages(images, geometry.padInfo, 0);
  const flatGradient = tf.reshape(dy, [-1, outputs]);
  const places: tf.Tensor[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const part = valuesAt(padded, row, column, geometry);
      places.push(tf.matMul(tf.reshape(part, [-1, inputs]), flatGradient, true, false));
    }
  }
  return tf.reshape(tf.stack(places), filterShape);
}

function poolGradient(
  images: tf.Tensor4D,
  output: tf.Tensor4D,
  dy: tf.Tensor4D,
  attrs: Attributes,
): tf.Tensor4D {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const geometry = tf.backend_util.computePool2DInfo(
    ...([images.shape, filterSize, strides, 1, pad, dimRoundingMode] as const),
  );
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = geometry;
  const isTiled = filterHeight === strideHeight && filterWidth === strideWidth && padInfo.type === 'VALID';
  return isTiled
    ? tiledPoolGradient(images, output, dy, geometry)
    : overlappingPoolGradient(images, output, dy, geometry);
}

/** Windows that neither overlap nor leave gaps: one comparison with the enlarged output. */
function tiledPoolGradient(
  images: tf.Tensor4D,
  output: tf.Tensor4D,
  dy: tf.Tensor4D,
  { outHeight, outWidth, strideHeight, strideWidth }: Geometry,
): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const size: [number, number] = [outHeight * strideHeight, outWidth * strideWidth];
  const enlarge = (tensor: tf.Tensor4D) => tf.image.resizeNearestNeighbor(tensor, size);
  const covered = tf.slice(images, [0, 0, 0, 0], [batch, ...size, channels]);
  const isMaximum = tf.cast(tf.equal(covered, enlarge(output)), 'float32');
  const gradient = tf.mul(isMaximum, enlarge(dy)) as tf.Tensor4D;
  return padImages(gradient, { top: 0, left: 0, bottom: height - size[0], right: width - size[1] }, 0);
}

function overlappingPoolGradient(
  images: tf.Tensor4D,
  output: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: Geometry & Pick<tf.backend_util.Conv2DInfo, 'filterHeight' | 'filterWidth' | 'padInfo'>,
): tf.Tensor4D {
  const { filterHeight, filterWidth, padInfo } = geometry;
  const padded = padImages(images, padInfo, -Infinity);
  const [, height, width] = padded.shape;
  const parts: tf.Tensor4D[] = [];
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      const isMaximum = tf.equal(valuesAt(padded, row, column, geometry), output);
      const spread = spreadOut(tf.mul(tf.cast(isMaximum, 'float32'), dy), geometry);
      const [, rows, columns] = spread.shape;
      const around = { top: row, bottom: height - row - rows, left: column, right: width - column - columns };
      parts.push(padImages(spread, around, 0));
    }
  }
  return tf.slice(tf.addN(parts), [0, padInfo.top, padInfo.left, 0], images.shape);
}

type Geometry = Pick<tf.backend_util.Conv2DInfo, 'outHeight' | 'outWidth' | 'strideHeight' | 'strideWidth'>;

function padImages(
  images: tf.Tensor4D,
  { top, bottom, left, right }: Omit<tf.backend_util.Conv2DInfo['padInfo'], 'type'>,
  value: number,
): tf.Tensor4D {
  if (top + bottom + left + right === 0) return images;
  return tf.pad(
    images,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  ) as tf.Tensor4D;
}

/** What one place of the window sees: `[batch, outHeight, outWidth, channels]`. */
function valuesAt(padded: tf.Tensor4D, row: number, column: number, geometry: Geometry): tf.Tensor4D {
  const { outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const [batch, , , channels] = padded.shape;
  const begin = [0, row, column, 0];
  const rows = (outHeight - 1) * strideHeight + 1;
  const columns = (outWidth - 1) * strideWidth + 1;
  if (strideHeight === 1 && strideWidth === 1)
    return tf.slice(padded, begin, [batch, rows, columns, channels]);
  const end = [batch, row + rows, column + columns, channels];
  return tf.stridedSlice(padded, begin, end, [1, strideHeight, strideWidth, 1]) as tf.Tensor4D;
}

/** Sets values a stride apart, zeros between them. */
function spreadOut(values: tf.Tensor4D, { strideHeight, strideWidth }: Geometry): tf.Tensor4D {
  const [, height, width] = values.shape;
  const size: [number, number] = [height * strideHeight, width * strideWidth];
  const isPlace = tf.tensor4d(
    Float32Array.from({ length: size[0] * size[1] }, (_, at) =>
      Number(Math.floor(at / size[1]) % strideHeight === 0 && (at % size[1]) % strideWidth === 0),
    ),
    [1, ...size, 1],
  );
  const spread = tf.mul(tf.image.resizeNearestNeighbor(values, size), isPlace) as tf.Tensor4D;
  const [batch, , , channels] = spread.shape;
  const rows = (height - 1) * strideHeight + 1;
  const columns = (width - 1) * strideWidth + 1;
  return tf.slice(spread, [0, 0, 0, 0], [batch, rows, columns, channels]);
}
