import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers the two gradients that the stock wasm backend lacks, put together from its other kernels, so that its
 * training can be timed at all: the gradient of the filters as one matrix product for every place of the kernel, and
 * that of a max pool without overlap by comparing with the enlarged output.
 *
 * Covers what the reference CNN needs: stride 1, `valid`, pools as large as their stride.
 *
 * @returns A function that takes them out again.
 */
export function registerStockGradients(): () => void {
  const kernels: Record<string, (images: tf.Tensor4D, call: Call) => tf.Tensor> = {
    Conv2DBackpropFilter: (images, { inputs, attrs }) =>
      filterGradient(images, inputs.dy as tf.Tensor4D, attrs.filterShape as [number, number, number, number]),
    MaxPoolGrad: (images, { inputs, attrs }) =>
      poolGradient(
        images,
        inputs.output as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        attrs.filterSize as number | number[],
      ),
  };
  for (const [kernelName, gradient] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const call = { inputs: mapValues(inputs), attrs: attrs as Call['attrs'] };
        return tf.tidy(() =>
          gradient(call.inputs[kernelName === 'MaxPoolGrad' ? 'input' : 'x'] as tf.Tensor4D, call),
        );
      },
    });
  }
  return () => {
    for (const kernelName of Object.keys(kernels)) tf.unregisterKernel(kernelName, 'wasm');
  };
}

interface Call {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Kernels are given tensor infos; ops want tensors over the same data. */
function mapValues(inputs: tf.NamedTensorInfoMap): Record<string, tf.Tensor> {
  const engine = tf.engine();
  return Object.fromEntries(
    Object.entries(inputs).map(([name, info]) => [name, engine.makeTensorFromTensorInfo(info!)]),
  );
}

function filterGradient(
  images: tf.Tensor4D,
  dy: tf.Tensor4D,
  [height, width, inputs, outputs]: [number, number, number, number],
): tf.Tensor4D {
  const [batch, rows, columns] = dy.shape;
  const flatGradient = tf.reshape(dy, [-1, outputs]);
  const places: tf.Tensor[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const part = tf.slice(images, [0, row, column, 0], [batch, rows, columns, inputs]);
      places.push(tf.matMul(tf.reshape(part, [-1, inputs]), flatGradient, true, false));
    }
  }
  return tf.reshape(tf.stack(places), [height, width, inputs, outputs]);
}

function poolGradient(
  images: tf.Tensor4D,
  output: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterSize: number | number[],
): tf.Tensor4D {
  const [poolHeight, poolWidth] = Array.isArray(filterSize) ? filterSize : [filterSize, filterSize];
  const [batch, height, width, channels] = images.shape;
  const [, rows, columns] = output.shape;
  const size: [number, number] = [rows * poolHeight!, columns * poolWidth!];
  const enlarge = (tensor: tf.Tensor4D) => tf.image.resizeNearestNeighbor(tensor, size);
  const covered = tf.slice(images, [0, 0, 0, 0], [batch, ...size, channels]);
  const isMaximum = tf.cast(tf.equal(covered, enlarge(output)), 'float32');
  const gradient = tf.mul(isMaximum, enlarge(dy)) as tf.Tensor4D;
  return tf.pad(gradient, [
    [0, 0],
    [0, height - size[0]],
    [0, width - size[1]],
    [0, 0],
  ]) as tf.Tensor4D;
}
