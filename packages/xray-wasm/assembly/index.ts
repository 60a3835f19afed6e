// The whole module. It works in the memory of the TensorFlow.js wasm backend, which it imports: every argument of
// type `usize` is an address in it. It must own no memory: no heap, no data segment, no shadow stack.
export { clear, copyVector, copyWindow, packColumns, packRotatedFilter, unpackTiles } from './packing';
export { copyRuns, repeatRuns, reverseAxis } from './copying';
export { addPatches, convolve } from './convolution';
export { blockGradientWindow, poolRelu2x2, sumMaskedRows } from './convolution-block';
export { accumulateFilterGradient } from './filter-gradient';
export { transformFilter, winogradConvolve } from './winograd-convolution';
export { winogradAccumulateFilterGradient, winogradFinishFilterGradient } from './winograd-filter-gradient';
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pooling';
export { maxPoolGradient2x2 } from './max-pool-gradient-2x2';
export { sumMiddle, sumRows, sumSegments } from './reduction';
export { columnMoments, normalizationGradient, normalizationSums, normalize } from './batch-norm';
export { depthwiseConvolve } from './depthwise-convolution';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise-gradient';
export { accumulateMatrices, multiplyMatrices, packTransposedColumns } from './matrix-product';
