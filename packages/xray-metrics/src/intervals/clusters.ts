import { checkLength } from '../checks/check-labels.js';

/** @internal Numbers images by their patient: the same name, the same cluster. */
export function clustersOf(patientIds: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(patientIds, (patientId) => {
    const number = numbers.get(patientId) ?? numbers.size;
    numbers.set(patientId, number);
    return number;
  });
}

/** @internal The same once the number of ids was checked; `undefined` if there are none. */
export function checkClusters(
  patientIds: readonly string[] | undefined,
  labels: ArrayLike<number>,
): Uint32Array | undefined {
  if (patientIds === undefined) return undefined;
  checkLength('patientIds', patientIds, labels);
  return clustersOf(patientIds);
}

/** @internal Every image a cluster of its own. */
export function singleClusters(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, image) => image);
}
