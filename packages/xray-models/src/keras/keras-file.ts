import type { Group } from 'h5wasm';
import { FileError, readZip } from 'xray-core';
import type { FileBytes } from '../weights/file-bytes.js';
import type { LayerWeights } from '../weights/layer-weights.js';
import { groupIn, textAttribute, textListAttribute, withHdf5 } from './hdf5.js';
import type { KerasLayer } from './keras-config.js';
import { readLegacyWeights } from './legacy-weights.js';
import { nameNumbered } from './name-numbered.js';
import { readNumberedWeights } from './numbered-weights.js';

/** What a file of Keras holds. */
export interface KerasFile<Model> {
  /** What was made of the architecture; files of weights alone have none. */
  readonly model: Model | undefined;
  readonly layers: LayerWeights[];
}

/** Makes something of an architecture as Keras wrote it, before the weights are read. */
type Translate<Model> = (architecture: KerasLayer) => Model;

/**
 * Reads any file that Keras saves a model or its weights in: `.h5`, `.keras`, `.weights.h5`. The content decides, not the name.
 *
 * @throws {FileError} If it is something else, truncated or corrupt, or has no weights.
 */
export async function readKerasFile<Model>(
  file: FileBytes,
  translate: Translate<Model>,
): Promise<KerasFile<Model>> {
  const { name } = file;
  const kind = kindOf(file);
  const found =
    kind === 'zip'
      ? await readArchive(file, translate)
      : await withHdf5(file, (root) => readHdf5(root, name, translate));
  if (found.layers.length === 0) {
    throw new FileError({
      file: name,
      problem: 'has no weights',
      fix: 'Build the model before you save it.',
    });
  }
  return found;
}

async function readArchive<Model>(
  { name, bytes }: FileBytes,
  translate: Translate<Model>,
): Promise<KerasFile<Model>> {
  const files = readZip(bytes, name);
  const config = files.get('config.json');
  const weights = files.get('model.weights.h5');
  if (!config || !weights) {
    const shown = [...files.keys()].slice(0, 5).join(', ');
    throw new FileError({
      file: name,
      problem: `is a zip archive of ${shown || 'nothing'}, expected config.json and model.weights.h5`,
      fix: "Save the model with `model.save('model.keras')`.",
    });
  }
  const architecture = parseModel(new TextDecoder().decode(config), name);
  const model = translate(architecture);
  const inner = { name: `${name}, model.weights.h5`, bytes: weights };
  const layers = await withHdf5(inner, (root) => readNumberedWeights(root, inner.name));
  return { model, layers: nameNumbered(layers ?? [], architecture) };
}

function readHdf5<Model>(root: Group, name: string, translate: Translate<Model>): KerasFile<Model> {
  const config = textAttribute(root, 'model_config');
  const architecture = config === undefined ? undefined : parseModel(config, name);
  const model = architecture && translate(architecture);
  const legacy = [groupIn(root, 'model_weights'), root].find(
    (group) => group && textListAttribute(group, 'layer_names'),
  );
  if (legacy) return { model, layers: readLegacyWeights(legacy, name) };
  const numbered = readNumberedWeights(root, name);
  if (numbered) return { model, layers: nameNumbered(numbered, architecture) };
  const shown = root.keys().slice(0, 5).join(', ');
  throw new FileError({
    file: name,
    problem: `is an HDF5 file without weights of Keras; it holds ${shown || 'nothing'}`,
    fix: 'Save them with `model.save` or `model.save_weights`.',
  });
}

function parseModel(text: string, file: string): KerasLayer {
  try {
    return JSON.parse(text, withLayers) as KerasLayer;
  } catch (error) {
    throw new FileError({ file, problem: 'has an architecture that is no JSON', cause: error });
  }
}

/** Keras before 2.2.3 wrote down nothing but the layers of a sequential model. */
function withLayers(_: string, value: { class_name?: unknown; config?: unknown } | null): unknown {
  const isBare = value?.class_name === 'Sequential' && Array.isArray(value.config);
  return isBare ? { ...value, config: { layers: value.config } } : value;
}

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

function kindOf({ name, bytes }: FileBytes): 'hdf5' | 'zip' {
  if (HDF5_SIGNATURE.every((byte, at) => bytes[at] === byte)) return 'hdf5';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'zip';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).trimStart();
  let problem = 'is no file of Keras: neither HDF5 nor a zip archive';
  if (bytes.length === 0) problem = 'is empty';
  else if (start.startsWith('version https://git-lfs'))
    problem = 'is a pointer of Git LFS, not the file itself';
  else if (/^<(!doctype|html|\?xml)/i.test(start)) problem = 'is a web page, not a file of Keras';
  else if (start.startsWith('{')) problem = 'is JSON, not a file of Keras';
  throw new FileError({
    file: name,
    problem,
    fix: 'Expected .h5, .keras or .weights.h5, as Keras saves them.',
  });
}
