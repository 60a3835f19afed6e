import type { Shape } from '@tensorflow/tfjs-layers';
import { checkWholeNumber } from 'xray-core';
import { ImageLayer, type ImageLayerConfig } from './image-layer.js';

/** What layers take that give images of one size. */
export interface ResizedImageLayerConfig extends ImageLayerConfig {
  /** Pixels of the output. */
  height: number;
  /** Pixels of the output. */
  width: number;
}

/** A layer whose images have another height and width than those it is given. */
export abstract class ResizedImageLayer extends ImageLayer {
  protected readonly target: { readonly height: number; readonly width: number };

  constructor(config: ResizedImageLayerConfig) {
    super(config);
    checkWholeNumber(`height of ${this.name}`, config.height);
    checkWholeNumber(`width of ${this.name}`, config.width);
    this.target = { height: config.height, width: config.width };
  }

  /** The target's height and width, batch and channels of the input. */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, ...sizes] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const { height, width } = this.target;
    return this.dataFormat === 'channelsLast'
      ? [batch!, height, width, sizes[2]!]
      : [batch!, sizes[0]!, height, width];
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.target };
  }
}
