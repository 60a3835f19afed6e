import * as tf from '@tensorflow/tfjs-core';

/** Factories seen so far: removing a backend removes its factory too, and its module registers it only once. */
const factories = new Map<string, () => unknown>();

/**
 * Makes a backend the active one, also after it was removed.
 *
 * @param load - Imports the module that registers the backend.
 */
export async function activateBackend(name: string, load: () => Promise<unknown>): Promise<void> {
  await load();
  const registered = tf.findBackendFactory(name) as (() => unknown) | null;
  const factory = registered ?? factories.get(name);
  if (factory) factories.set(name, factory);
  if (!registered && factory) tf.registerBackend(name, factory as Parameters<typeof tf.registerBackend>[1]);
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not initialise`);
  await tf.ready();
}
