import * as tf from '@tensorflow/tfjs-core';
import { registerKernels, type WasmKernels } from 'xray-wasm';
import { registerStockGradients } from './stock-gradients.js';

/** Brings kernels of the wasm backend in place and makes it the active one. */
export interface KernelSwitch {
  /** The stock ones, with the gradients that they lack made of them. */
  stock(): Promise<void>;
  /** Those of xray-wasm. */
  own(): Promise<void>;
  /** Those of xray-wasm, but for the named ones, which are the stock ones. */
  ownBut(names: readonly string[]): () => Promise<void>;
}

export function kernelSwitch(): KernelSwitch {
  let registered: WasmKernels | undefined;
  let removeGradients: (() => void) | undefined;
  let putBack: (() => void) | undefined;
  const reset = () => {
    putBack?.();
    putBack = undefined;
    removeGradients?.();
    removeGradients = undefined;
  };
  async function stock() {
    reset();
    await tf.setBackend('wasm');
    (registered ?? (await registerKernels())).unregister();
    registered = undefined;
    removeGradients = registerStockGradients();
  }
  async function own() {
    reset();
    await tf.setBackend('wasm');
    registered ??= await registerKernels();
  }
  return {
    stock,
    own,
    ownBut: (names) => async () => {
      await stock();
      const configs = names.map((name) => tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined);
      await own();
      const replaced = names.map((name) => tf.getKernel(name, 'wasm') as tf.KernelConfig);
      names.forEach((name, index) => {
        replaceKernel(name, configs[index]);
      });
      putBack = () => {
        names.forEach((name, index) => {
          replaceKernel(name, replaced[index]);
        });
      };
    },
  };
}

/** Registering over a kernel would print a warning, hence the removal. */
function replaceKernel(name: string, config: tf.KernelConfig | undefined): void {
  if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  if (config) tf.registerKernel(config);
}
