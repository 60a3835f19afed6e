import * as tf from '@tensorflow/tfjs-core';
import { type ProgramBackend, runFlatProgram, typeOf } from './webgpu-program.js';

/** Enough for the largest GPUs; what they keep for each, 64 bytes, is 16 MiB at most. */
const THREADS = 2 ** 18;

const KERNEL = 'Conv2DBackpropFilter';

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
  readonly filterShape: [number, number, number, number];
}

/**
 * Replaces the gradient of a convolution's filters on WebGPU: the stock kernel has one thread for every weight, which goes
 * through all places of all images by itself, 864 of them in the first layer of the study's network. Here the rows of
 * the images are divided among so many threads that a GPU is busy, each of which sums the products for a block of up to
 * four by four weights; their sums are added in a fixed order.
 */
export function registerFilterGradient(): void {
  const stock = tf.getKernel(KERNEL, 'webgpu');
  if (!stock || stock.kernelFunc === filterGradient) return;
  stockKernel = stock.kernelFunc;
  tf.unregisterKernel(KERNEL, 'webgpu');
  tf.registerKernel({ kernelName: KERNEL, backendName: 'webgpu', kernelFunc: filterGradient });
}

let stockKernel: tf.KernelFunc | undefined;

const filterGradient: tf.KernelFunc = (args) => {
  const attributes = args.attrs as unknown as Attributes;
  if (attributes.dataFormat === 'NCHW') return stockKernel!(args);
  const { x, dy } = args.inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const backend = args.backend as ProgramBackend;
  const { strides, pad, dimRoundingMode, filterShape } = attributes;
  const geometry = tf.backend_util.computeConv2DInfo(
    ...([
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    ] as const),
  );
  const { batchSize, inChannels, outChannels, outHeight } = geometry;
  const outputComponent = outChannels % 4 === 0 ? 4 : 1;
  const block = inChannels % 4 === 0 ? 4 : Math.min(inChannels, 4);
  const threadsForAll =
    geometry.filterHeight *
    geometry.filterWidth *
    Math.ceil(inChannels / block) *
    (outChannels / outputComponent);
  const rows = batchSize * outHeight;
  const rowsOfChunk = Math.ceil(rows / Math.max(1, Math.floor(THREADS / threadsForAll)));
  const chunks = Math.ceil(rows / rowsOfChunk);
  const sums = runFlatProgram(backend, [x, dy], {
    key: `filterGradient_${block}`,
    inputs: { x: inChannels % 4 === 0 ? 4 : 1, dy: outputComponent },
    outputComponent,
    outputShape: [chunks, ...filterShape],
    threads: chunks * threadsForAll,
    uniforms: {
      ...{ rows, rowsOfChunk, inputs: inChannels, outputs: outChannels / outputComponent },
      ...{ outHeight, outWidth: geometry.outWidth, inHeight: geometry.inHeight, inWidth: geometry.inWidth },
      ...{ filterHeight: geometry.filterHeight, filterWidth: geometry.filterWidth },
      ...{ strideHeight: geometry.strideHeight, strideWidth: geometry.strideWidth },
      ...{ padTop: geometry.padInfo.top, padLeft: geometry.padInfo.left },
    },
    code: sumsOfChunk(block, inChannels % 4 === 0, typeOf(outputComponent)),
  });
  const total = runFlatProgram(backend, [sums], {
    key: 'filterGradientTotal',
    inputs: { sums: outputComponent },
    outputComponent,
    outputShape: filterShape,
    threads: tf.util.sizeFromShape(filterShape) / outputComponent,
    uniforms: { chunks },
    code: `
      var total = ${typeOf(outputComponent)}(0.0);
      for (var chunk = 0; chunk < uniforms.chunks; chunk++) {
        total += sums[chunk * uniforms.threads + index];
      }
      result[index] = total;`,
  });
  backend.disposeData(sums.dataId);
  return total;
};

/** A thread's weights: `block` inputs by one output, or a vector of them. */
function sumsOfChunk(block: number, readsVectors: boolean, type: string): string {
  const each = (line: (input: number) => string) =>
    Array.from({ length: block }, (_, input) => line(input)).join('\n');
  const value = (input: number) => (readsVectors ? `values[${input}]` : `x[at + ${input}]`);
  return `
    let blocks = (uniforms.inputs + ${block - 1}) / ${block};
    let output = index % uniforms.outputs;
    let input = index / uniforms.outputs % blocks * ${block};
    var rest = index / (uniforms.outputs * blocks);
    let column = rest % uniforms.filterWidth;
    rest = rest / uniforms.filterWidth;
    let row = rest % uniforms.filterHeight;
    let chunk = rest / uniforms.filterHeight;
    ${each((i) => `var sum${i} = ${type}(0.0);`)}
    let end = min((chunk + 1) * uniforms.rowsOfChunk, uniforms.rows);
    for (var y = chunk * uniforms.rowsOfChunk; y < end; y++) {
      let image = y / uniforms.outHeight;
      let xRow = row + y % uniforms.outHeight * uniforms.strideHeight - uniforms.padTop;
      if (xRow < 0 || xRow >= uniforms.inHeight) { continue; }
      let xStart = (image * uniforms.inHeight + xRow) * uniforms.inWidth;
      for (var place = 0; place < uniforms.outWidth; place++) {
        let xColumn = column + place * uniforms.strideWidth - uniforms.padLeft;
        if (xColumn < 0 || xColumn >= uniforms.inWidth) { continue; }
        let gradient = dy[(y * uniforms.outWidth + place) * uniforms.outputs + output];
        let at = (xStart + xColumn) * uniforms.inputs + input;
        ${readsVectors ? 'let values = x[at / 4];' : ''}
        ${each((i) => `sum${i} += ${value(i)} * gradient;`)}
      }
    }
    let first = ((chunk * uniforms.filterHeight + row) * uniforms.filterWidth + column) * uniforms.inputs + input;
    ${each((i) => `if (input + ${i} < uniforms.inputs) { result[(first + ${i}) * uniforms.outputs + output] = sum${i}; }`)}`;
}
