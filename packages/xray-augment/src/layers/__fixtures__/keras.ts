import { readFileSync } from 'node:fs';
import type { layers } from '@tensorflow/tfjs-layers';
import { KERAS_LAYERS } from '../keras-layers.js';

type Layer = layers.Layer;

/** A file that a script wrote with Keras. */
export function fixture<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Content;
}

/** Makes a layer of a config as Keras writes it. */
export function layerOf(className: string, config: object): Layer {
  const create = KERAS_LAYERS[className as keyof typeof KERAS_LAYERS] as unknown as new (config: object) => Layer;
  return new create(renamed(config, (field) => field.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())));
}

/** The config of a layer with Keras's names. */
export function kerasConfig(layer: Layer): Record<string, unknown> {
  return renamed(layer.getConfig(), (field) =>
    field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}

function renamed(config: object, rename: (field: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([field, value]) => [rename(field), value]));
}
