import * as tf from '@tensorflow/tfjs-core';
import { isEmptyTensor, type KernelFactory } from '../kernel-context.js';

/** `GatherV2`: where the tensor is empty, the stock kernel gives the result a shape of its own. */
export const createGather: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, indices } = inputs as unknown as { x: tf.TensorInfo; indices: tf.TensorInfo };
    const { axis, batchDims = 0 } = attrs as unknown as { axis: number; batchDims?: number | undefined };
    if (x.dtype === 'string' || !isEmptyTensor(x)) return context.runStock('GatherV2', inputs, attrs);
    const { outputShape } = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      tf.util.parseAxisParam(axis, x.shape)[0]!,
      batchDims,
    );
    return tf.util.sizeFromShape(outputShape) === 0
      ? context.backend.makeOutput(outputShape, x.dtype as 'float32')
      : context.runStock('GatherV2', inputs, attrs);
  };
