import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { FileError, storedWeightBytes } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/**
 * A folder with `model.json` and `weights.bin` as a TensorFlow.js IOHandler, without tfjs-node. Both files are
 * written to a temporary folder first, which then takes the place of the old one; if the process dies in between,
 * the old model is still there and is loaded.
 *
 * @throws {FileError} On saving if the place is read-only or full; on loading if a file is missing, truncated
 *   or not the kind of file it should be.
 *
 * @example
 * await saveBundle(bundle, modelFolder('runs/first/model'));
 */
export function modelFolder(directory: string): io.IOHandler {
  return { save: (artifacts) => save(resolve(directory), artifacts), load: () => load(resolve(directory)) };
}

async function save(directory: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const { weightData, weightSpecs = [], ...rest } = artifacts;
  const weights = new Uint8Array(io.CompositeArrayBuffer.join(weightData ?? new ArrayBuffer(0)));
  const json = JSON.stringify({
    ...rest,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
  });
  const temporary = join(dirname(directory), `.${basename(directory)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await writeFileAtomic(join(temporary, WEIGHTS_FILE), weights);
    await writeFileAtomic(join(temporary, MODEL_FILE), json);
    await replaceFolder(temporary, directory);
  } catch (error) {
    const problem = error instanceof FileError ? error.problem : 'could not be replaced';
    throw new FileError({
      file: directory,
      problem,
      fix: 'Free some space, or save the model elsewhere.',
      cause: error,
    });
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
  return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
}

/** Where the old model waits while the new one takes its place. */
const asideOf = (directory: string) => join(dirname(directory), `.${basename(directory)}.old`);

/** Folders cannot be renamed onto each other: the old one steps aside first and is removed last. */
async function replaceFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (await exists(to)) {
    await rm(asideOf(to), { recursive: true, force: true });
    await rename(to, asideOf(to));
  }
  await rename(from, to);
  await rm(asideOf(to), { recursive: true, force: true });
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

interface ModelJson extends Omit<io.ModelArtifacts, 'weightData' | 'weightSpecs'> {
  readonly weightsManifest?: readonly { paths: string[]; weights: io.WeightsManifestEntry[] }[] | undefined;
}

async function load(asked: string): Promise<io.ModelArtifacts> {
  const isInterrupted = !(await exists(asked)) && (await exists(asideOf(asked)));
  const directory = isInterrupted ? asideOf(asked) : asked;
  const file = join(directory, MODEL_FILE);
  const { weightsManifest = [], ...artifacts } = parseModel(file, (await read(file)).toString('utf8'));
  const parts = await Promise.all(
    weightsManifest.flatMap(({ paths }) => paths).map((path) => read(join(directory, path))),
  );
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  const expected = storedWeightBytes(weightSpecs);
  if (expected !== undefined && weightData.byteLength !== expected) {
    throw new FileError({
      file: join(directory, weightsManifest[0]?.paths[0] ?? WEIGHTS_FILE),
      problem: `holds ${weightData.byteLength} bytes of weights, expected ${expected}`,
      fix: 'It is truncated or belongs to another model: copy or train it again.',
    });
  }
  return { ...artifacts, weightSpecs, weightData };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError({
      file,
      problem: missing ? 'does not exist' : 'could not be read',
      fix: `A model folder holds ${MODEL_FILE} and its weights; a run folder keeps it under \`model/\`.`,
      cause: error,
    });
  }
}

function parseModel(file: string, text: string): ModelJson {
  try {
    const json = JSON.parse(text) as ModelJson;
    if (json.modelTopology) return json;
  } catch {
    // falls through to the one error for both cases
  }
  throw new FileError({
    file,
    problem: 'is not a TensorFlow.js layers model',
    fix: 'Copy or save it again.',
  });
}
