import { XrayError } from 'xray-core';

/** What is known about an exhaustion. */
export interface ExhaustionDetails {
  /** A sentence without a full stop, such as `The limit of 512 MiB does not leave room for 96 MiB more`. */
  readonly problem: string;
  /** Bytes that could be had in all: the limit, or what was in use when no more was given. */
  readonly available?: number | undefined;
  /** Images that were computed at once. */
  readonly images?: number | undefined;
  /** Images that fit, by measurement. @default unknown */
  readonly fitting?: number | undefined;
  readonly cause?: unknown;
}

/** The device ran out of memory. Code `device-memory`; `cause` is what the backend threw, where it did. */
export class DeviceMemoryError extends XrayError {
  readonly problem: string;
  /** Bytes that could be had in all, where known. */
  readonly available: number | undefined;
  /** Images that were computed at once, where known. */
  readonly images: number | undefined;
  /**
   * Images at once to try next: those that fit by measurement, or else half of `images`. Undefined where neither is
   * known, or where not even one image fits.
   */
  readonly suggestion: number | undefined;

  /** @internal */
  constructor({ problem, available, images, fitting, cause }: ExhaustionDetails) {
    const suggestion = suggestionOf(images, fitting);
    const fix =
      suggestion === undefined
        ? 'Use fewer images at once, smaller images, or another device.'
        : `${fitting === undefined ? 'Try' : 'By measurement it is enough for'} ${suggestion} at once; or use smaller images, or another device.`;
    const counted = images === undefined ? '' : ` with ${images} images at once`;
    super('device-memory', `${problem}${counted}. ${fix}`, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.available = available;
    this.images = images;
    this.suggestion = suggestion;
  }
}

/** What did not work is never suggested again. */
function suggestionOf(images: number | undefined, fitting: number | undefined): number | undefined {
  if (fitting !== undefined) {
    const fewer = images === undefined ? fitting : Math.min(fitting, images - 1);
    return fewer >= 1 ? fewer : undefined;
  }
  return images !== undefined && images > 1 ? images >> 1 : undefined;
}

/** @internal `1.5 GiB`, `96 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Math.ceil(bytes / 1024)} KiB`;
}

/** @internal The error of an allocation that would pass the limit. */
export function limitReached(limit: number, used: number, asked: number): DeviceMemoryError {
  return new DeviceMemoryError({
    problem: `The memory limit of ${formatBytes(limit)}, of which ${formatBytes(used)} are in use, does not leave room for ${formatBytes(asked)} more`,
    available: limit,
  });
}
