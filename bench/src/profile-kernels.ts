import * as tf from '@tensorflow/tfjs-core';

/** How long one kernel took in all. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Of all kernels, for example `12.3 %`. */
  readonly share: string;
}

/** Kernels that take less than this are not worth a row. */
const LEAST_SHARE = 0.005;

/** Runs `work` once and times every kernel of the active backend; exact where kernels are synchronous (wasm, cpu). */
export function profileKernels(work: () => void): KernelTime[] {
  const times = new Map<string, { calls: number; milliseconds: number }>();
  const kernels = tf.getKernelsForBackend(tf.getBackend()) as tf.KernelConfig[];
  const originals = kernels.map(({ kernelFunc }) => kernelFunc);
  kernels.forEach((config, index) => {
    config.kernelFunc = (call) => {
      const start = performance.now();
      const result = originals[index]!(call);
      const time = times.get(config.kernelName) ?? { calls: 0, milliseconds: 0 };
      time.calls++;
      time.milliseconds += performance.now() - start;
      times.set(config.kernelName, time);
      return result;
    };
  });
  try {
    work();
  } finally {
    kernels.forEach((config, index) => {
      config.kernelFunc = originals[index]!;
    });
  }
  const total = [...times.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [...times]
    .filter(([, { milliseconds }]) => milliseconds >= total * LEAST_SHARE)
    .map(([kernel, { calls, milliseconds }]) => ({
      kernel,
      calls,
      milliseconds: Number(milliseconds.toFixed(1)),
      share: `${((100 * milliseconds) / total).toFixed(1)} %`,
    }))
    .sort((left, right) => right.milliseconds - left.milliseconds);
}
