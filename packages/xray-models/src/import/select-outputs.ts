import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ClassList } from 'xray-core';

/**
 * Probabilities in the order of a class list, `[batch, classes]`, from outputs in another one, or from one output `p` as
 * `[1 - p, p]` or `[p, 1 - p]`. Made of stock layers without weights, so that training cannot touch it.
 *
 * @param outputs - The class of each output.
 * @param names - Gives layers names that are free.
 */
export function selectOutputs(
  probabilities: SymbolicTensor,
  { classList, outputs }: { readonly classList: ClassList; readonly outputs: readonly string[] },
  names: (name: string) => string,
): SymbolicTensor {
  const order = classList.names.map((name) => outputs.indexOf(name));
  if (order.every((from, to) => from === to)) return probabilities;
  const concatenate = layers.concatenate({ name: names('classes') });
  if (outputs.length === 1) {
    const complement = layers.rescaling({ scale: -1, offset: 1, name: names('complement') });
    const rest = complement.apply(probabilities) as SymbolicTensor;
    return concatenate.apply(order.map((from) => (from === 0 ? probabilities : rest))) as SymbolicTensor;
  }
  // The layers that cut take images alone.
  const targetShape = [1, outputs.length, 1];
  const row = layers.reshape({ targetShape, name: names('outputs') }).apply(probabilities);
  const columns = order.map((from, to) => {
    const cropping: [[number, number], [number, number]] = [
      [0, 0],
      [from, outputs.length - 1 - from],
    ];
    const column = layers.cropping2D({ cropping, name: names(`output_${from}`) }).apply(row);
    return layers.flatten({ name: names(`class_${to}`) }).apply(column) as SymbolicTensor;
  });
  return concatenate.apply(columns) as SymbolicTensor;
}
