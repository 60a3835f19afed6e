import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pneumoniaModel } from 'xray-model-pneumonia';
import { loadBundle, type ModelBundle } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';

/** Loads a bundle from a run folder or from the model folder in it; without a path the one of `xray-model-pneumonia`. */
export async function openBundle(path?: string): Promise<ModelBundle> {
  return loadBundle(path === undefined ? pneumoniaModel() : modelFolder(await modelFolderOf(path)));
}

/** A run folder's model folder; any other folder as it is. */
export async function modelFolderOf(path: string): Promise<string> {
  const inRunFolder = join(path, 'model');
  const isRunFolder = await stat(join(inRunFolder, 'model.json')).then(
    () => true,
    () => false,
  );
  return isRunFolder ? inRunFolder : path;
}
