import * as tf from '@tensorflow/tfjs-core';
import { layers as stock } from '@tensorflow/tfjs-layers';
import { FileError } from 'xray-core';
import { isModel, type KerasLayer, type KerasSettings, nameOf } from './keras-config.js';
import { type NodeReference, translateNodes } from './translate-nodes.js';
import { translateSettings } from './translate-settings.js';
import { UnsupportedModelError } from './unsupported-model-error.js';

/** What a translation needs to know, and the problems it finds. */
export interface Translation {
  readonly file: string;
  /** Keras 3 means other things by some names. */
  readonly isKeras3: boolean;
  /** Classes of layers that the caller gives. */
  readonly ownClasses: ReadonlySet<string>;
  readonly problems: string[];
}

/**
 * Writes an architecture of Keras 2 or 3 down as TensorFlow.js 4.22 reads it: `batch_shape`, dtype policies, wrapped objects and
 * the calls of layers are those of Keras 2, and settings of which TensorFlow.js has other names or defaults are translated.
 *
 * @param ownClasses - Names of classes of layers that the caller gives; their settings stay as they are.
 * @throws {UnsupportedModelError} With all layers and settings that TensorFlow.js lacks, ignores or computes otherwise.
 * @throws {FileError} If it is no model of layers.
 */
export function translateModel(model: KerasLayer, file: string, ownClasses: ReadonlySet<string>): object {
  if (!isModel(model)) {
    const problem = `has a model of class ${model.class_name}, expected Functional or Sequential`;
    throw new FileError({
      file,
      problem,
      fix: 'Build such a model, or load its weights into one of your own.',
    });
  }
  const problems: string[] = [];
  const isKeras3 = JSON.stringify(model).includes('"batch_shape"');
  const translated = translateLayer(model, { file, isKeras3, ownClasses, problems });
  if (problems.length > 0) throw new UnsupportedModelError(file, problems);
  return translated;
}

function translateLayer(layer: KerasLayer, translation: Translation): KerasLayer {
  const { class_name, config } = layer;
  const name = nameOf(layer);
  if (isModel(layer)) {
    return class_name === 'Sequential'
      ? { class_name, name, config: translateSequential(config, translation) }
      : { class_name: 'Functional', name, config: translateGraph(config, translation) };
  }
  const ownName = [layer.registered_name, class_name].find(
    (found) => found && translation.ownClasses.has(found),
  );
  if (ownName) return { class_name: ownName, name, config: translateSettings(layer, translation, true) };
  if (!isKnown(layer, translation)) {
    translation.problems.push(`${name}: unknown class ${layer.registered_name ?? class_name}`);
    return layer;
  }
  const settings = translateInnerLayers(translateSettings(layer, translation, false), translation);
  return { class_name, name, config: settings };
}

/** Operations of Keras 3 that compute what the layers called like them do. */
const OPERATIONS = ['Add', 'Concatenate', 'Maximum', 'Minimum', 'Multiply', 'Softmax'];

/** Classes of somebody's own package and operations on tensors may be called like a layer of Keras. */
function isKnown({ class_name, registered_name, config }: KerasLayer, { isKeras3 }: Translation): boolean {
  if (registered_name?.includes('>')) return false;
  const isOperation = isKeras3 && !('dtype' in config);
  if (isOperation && !OPERATIONS.includes(class_name)) return false;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return classNameMap[class_name]?.[0].prototype instanceof stock.Layer;
}

/** Translates the layer that a layer wraps, and the cells of a recurrent one. */
function translateInnerLayers(settings: KerasSettings, translation: Translation): KerasSettings {
  const { layer, cell, cells } = settings as Record<string, KerasLayer | undefined> & {
    cells?: readonly KerasLayer[] | undefined;
  };
  return {
    ...settings,
    ...(layer && { layer: translateLayer(layer, translation) }),
    ...(cell && { cell: translateLayer(cell, translation) }),
    ...(cells && { cells: cells.map((each) => translateLayer(each, translation)) }),
  };
}

function translateSequential(config: KerasSettings, translation: Translation): KerasSettings {
  const layers = config.layers!.map((layer) => translateLayer(layer, translation));
  const first = layers[0];
  if (first && !('batch_input_shape' in first.config) && !isModel(first)) {
    const { build_input_shape: shape } = config;
    if (!Array.isArray(shape)) {
      const problem = `has a sequential model, ${config.name}, without the shape of its input`;
      throw new FileError({
        file: translation.file,
        problem,
        fix: 'Begin it with an Input, and save it again.',
      });
    }
    const name = `${nameOf(first)}_input`;
    layers.unshift({
      class_name: 'InputLayer',
      name,
      config: { name, batch_input_shape: shape, dtype: 'float32' },
    });
  }
  return { ...(config.name === undefined ? {} : { name: config.name }), layers };
}

function translateGraph(config: KerasSettings, translation: Translation): KerasSettings {
  const { name, layers = [] } = config;
  const models = new Map(layers.filter(isModel).map((layer) => [nameOf(layer), layer.class_name]));
  const known = new Set(layers.map(nameOf));
  return {
    name,
    layers: layers.map((layer) => ({
      ...translateLayer(layer, translation),
      inbound_nodes: translateNodes(layer, { known, models, translation }),
    })),
    input_layers: references(config.input_layers),
    output_layers: references(config.output_layers).map(([layer, node, tensor]) => {
      // A model counts its own graph as its first call; Keras 3 leaves that out for sequential ones.
      const isShifted = translation.isKeras3 && models.get(layer) === 'Sequential';
      return [layer, isShifted ? node + 1 : node, tensor];
    }),
  } as KerasSettings;
}

/** Keras 3 writes the only input or output without a list around it. */
function references(layers: unknown): NodeReference[] {
  if (Array.isArray(layers)) return (typeof layers[0] === 'string' ? [layers] : layers) as NodeReference[];
  return Object.values((layers ?? {}) as Record<string, NodeReference>);
}
