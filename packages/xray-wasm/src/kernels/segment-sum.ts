import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import { borrowChannelsLast, type KernelFactory } from '../kernel-context.js';

/**
 * `UnsortedSegmentSum`, the gradient of gathering: the stock backend has none. Adds the rows of each segment, in their
 * order; rows whose segment is negative or too large are left out, as in TensorFlow.
 */
export const createUnsortedSegmentSum: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as unknown as { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
    const { numSegments } = attrs as unknown as { numSegments: number };
    const [rows, ...rowShape] = x.shape as [number, ...number[]];
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== rows || segmentIds.dtype !== 'int32') {
      throw new InvalidArgumentError({
        argument: 'segmentIds',
        expected: `an int32 vector with one number for each row of a tensor of shape [${x.shape}]`,
        received: { shape: segmentIds.shape, dtype: segmentIds.dtype },
      });
    }
    const { backend, module } = context;
    const source = borrowChannelsLast(context, x, 'NHWC');
    const output = backend.makeOutput([numSegments, ...rowShape]);
    const columns = tf.util.sizeFromShape(rowShape);
    const target = backend.addressOf(output);
    const addresses = [backend.addressOf(source.tensor), backend.addressOf(segmentIds), target] as const;
    module.clear(target, numSegments * columns * 4);
    module.sumSegments(...addresses, rows, columns, numSegments);
    source.release();
    return output;
  };
