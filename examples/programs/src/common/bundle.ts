import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle, type ModelBundle } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';

/** Loads a bundle from a run folder or from the model folder in it. */
export async function openBundle(path: string): Promise<ModelBundle> {
  const inRunFolder = join(path, 'model');
  const isRunFolder = await stat(join(inRunFolder, 'model.json')).then(
    () => true,
    () => false,
  );
  return loadBundle(modelFolder(isRunFolder ? inRunFolder : path));
}
