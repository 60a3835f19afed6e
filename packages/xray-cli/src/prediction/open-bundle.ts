import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pneumoniaModel } from 'xray-model-pneumonia';
import { createEnsemble, loadBundle, type ModelBundle } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';

/**
 * Loads a bundle from a run folder or from the model folder in it, or the ensemble of several; without a path the one of
 * `xray-model-pneumonia`.
 */
export async function openBundle(paths: readonly string[] = []): Promise<ModelBundle> {
  const handlers =
    paths.length === 0
      ? [pneumoniaModel()]
      : await Promise.all(paths.map(async (path) => modelFolder(await modelFolderOf(path))));
  const bundles = await Promise.all(handlers.map((handler) => loadBundle(handler)));
  if (bundles.length === 1) return bundles[0]!;
  try {
    return await createEnsemble(bundles);
  } finally {
    for (const { model } of bundles) model.dispose();
  }
}

/** A run folder's model folder; any other folder as it is. */
export async function modelFolderOf(path: string): Promise<string> {
  const inRunFolder = join(path, 'model');
  return (await isFile(join(inRunFolder, 'model.json'))) ? inRunFolder : path;
}

/** Whether a path is a run or model folder. */
export async function holdsModel(path: string): Promise<boolean> {
  return isFile(join(await modelFolderOf(path), 'model.json'));
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
