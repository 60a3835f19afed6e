import type * as tf from '@tensorflow/tfjs-core';

/** A compute shader as the WebGPU backend of TensorFlow.js 4.22 takes it. */
export interface WebgpuProgram {
  readonly variableNames: readonly string[];
  /** Numbers of a vector that the shader reads of each input at once. */
  readonly variableComponents: readonly number[];
  readonly outputComponent: number;
  readonly outputShape: readonly number[];
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  /** The backend changes it where the GPU takes fewer at once. */
  dispatch: [number, number, number];
  readonly uniforms: string;
  /** Programs with the same key share what was compiled. */
  shaderKey: string;
  getUserCode(): string;
}

/** The part of the backend that runs one. */
export interface ProgramBackend {
  runWebGPUProgram(
    program: WebgpuProgram,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: readonly { readonly type: 'int32'; readonly data: readonly number[] }[],
  ): tf.TensorInfo;
  disposeData(dataId: object): boolean;
}

const WORKGROUP = 64;

/** What a program that has one thread for every index needs to be told. */
interface FlatProgram {
  readonly key: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputComponent: number;
  readonly outputShape: readonly number[];
  readonly threads: number;
  /** Whole numbers, `uniforms.<name>` in the code; `uniforms.threads` is there, too. */
  readonly uniforms: Readonly<Record<string, number>>;
  /** WGSL with `index` from 0 to `threads`; writes into `result`. */
  readonly code: string;
}

/**
 * Runs a shader with one thread for every index.
 *
 * @param tensors - In the order of `inputs`, which says how many numbers of each are read at once.
 */
export function runFlatProgram(
  backend: ProgramBackend,
  tensors: readonly tf.TensorInfo[],
  { key, inputs, outputComponent, outputShape, threads, uniforms, code }: FlatProgram,
): tf.TensorInfo {
  const numbers = { threads, ...uniforms };
  const components = Object.values(inputs);
  const program: WebgpuProgram = {
    variableNames: Object.keys(inputs),
    variableComponents: components,
    ...{ outputComponent, outputShape, workgroupSize: [WORKGROUP, 1, 1] },
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(threads / WORKGROUP), 1, 1],
    uniforms: Object.keys(numbers)
      .map((name) => `${name} : i32, `)
      .join(''),
    shaderKey: `${key}_${components.join('_')}_${outputComponent}`,
    getUserCode: () => `
      fn main(index : i32) {
        if (index >= uniforms.threads) { return; }
        ${code}
      }`,
  };
  return backend.runWebGPUProgram(
    program,
    tensors,
    'float32',
    Object.values(numbers).map((value) => ({ type: 'int32', data: [value] })),
  );
}

/** `f32` or a vector of four. */
export const typeOf = (component: number): string => (component === 4 ? 'vec4<f32>' : 'f32');
