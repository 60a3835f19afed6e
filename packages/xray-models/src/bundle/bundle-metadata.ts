import { type ClassList, type ResizeRule, type ThresholdRule, XrayError } from 'xray-core';
import type { Familiarity } from '../familiarity/familiarity.js';
import type { SeenImages } from './seen-images.js';

/** Everything a model needs beyond its weights to be used and judged. Plain JSON, saved inside `model.json`. */
export interface BundleMetadata {
  /** Factory that built the model, for example `cnn`. */
  readonly architecture: string;
  readonly classList: ClassList;
  /** Pixels the model takes, float32 in `[0, 1]`; images of other sizes go through the resize rule. */
  readonly input: {
    readonly height: number;
    readonly width: number;
    readonly channels: 1 | 3;
    readonly resize: ResizeRule;
    /** Bits that 16-bit images whose white is not known store, see `PrepareRule`. @default 16 */
    readonly bitsStored?: number | undefined;
  };
  /** Pneumonia is called where 1 - p(negative class) reaches `value`. */
  readonly threshold: { readonly value: number; readonly rule: ThresholdRule };
  /** How it was trained: command, seed, device, data hash, epochs. Free-form JSON. */
  readonly training: Readonly<Record<string, unknown>>;
  /** The images it was trained with, from `recordSeenImages`, so that evaluations on them are noticed. @default unknown */
  readonly seenImages?: SeenImages | undefined;
  /** What tells images that the model was not made for, from `fitFamiliarity`. @default unknown */
  readonly familiarity?: Familiarity | undefined;
  /** Test numbers by name. Free-form JSON. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** SPDX identifier of the weights' licence. */
  readonly license: string;
  /** What the reader must know, at least that it is no medical device. */
  readonly notice: string;
}

/** The notice that every bundle and report carries. */
export const NOT_A_MEDICAL_DEVICE = 'Research only, not a medical device.';

/** Layout version of the metadata; raised with every incompatible change. */
export const BUNDLE_VERSION = 1;

/** @internal What is stored under `userDefinedMetadata.xray`. */
export interface StoredMetadata extends BundleMetadata {
  readonly bundleVersion: number;
  /** SHA-256 of the weight bytes, hexadecimal. */
  readonly weightsSha256: string;
}

/**
 * A model that cannot be used: no bundle, another version, weights that changed, or outputs that are no probabilities. Code
 * `bad-bundle`.
 */
export class BundleError extends XrayError {
  constructor(problem: string, fix: string, cause?: unknown) {
    super('bad-bundle', `The model bundle ${problem}. ${fix}`, cause === undefined ? undefined : { cause });
  }
}
