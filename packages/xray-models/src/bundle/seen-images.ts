import { InvalidArgumentError, sha256 } from 'xray-core';

/**
 * Which images a model has seen, for telling them from new ones: for each split the first 6 bytes of the SHA-256 of pixels and of
 * ids, sorted, as base64. 8 characters an image; a foreign image passes for one of 200,000 once in a billion times.
 */
export interface SeenImages {
  /** Images that weights were fitted to. */
  readonly train: SeenSplit;
  /** Images that the epoch and the threshold were chosen on. */
  readonly validation: SeenSplit;
}

/** Hashes of one split. */
export interface SeenSplit {
  /** Of uint8 pixels at the size and channels of the model. */
  readonly pixels: string;
  /** Of ids as UTF-8. */
  readonly ids: string;
}

/** An image by its id and its uint8 pixels `[height * width * channels]` at the size and channels of the model. */
export interface NamedPixels {
  readonly id: string;
  readonly pixels: Uint8Array;
}

/** Images that a model has seen, by id. */
export interface FoundImages {
  /** With the very pixels of a training image. */
  readonly train: readonly string[];
  /** With the very pixels of a validation image, and of no training image. */
  readonly validation: readonly string[];
  /** With the id of either, but other pixels: perhaps the same image in another size, perhaps another one of that name. */
  readonly named: readonly string[];
}

/** Bytes of a hash. */
const LENGTH = 6;

/**
 * Records the images a model is trained with, for `BundleMetadata.seenImages`. O(n log n) for n images, beside a SHA-256 of
 * each.
 *
 * @param splits - Images of each split; read once, one after the other.
 *
 * @example
 * const named = (samples) => samples.map(({ id }) => ({ id, pixels: store.pixelsOf(id) }));
 * const seenImages = await recordSeenImages({ train: named(splits.train), validation: named(splits.validation) });
 */
export async function recordSeenImages(splits: {
  readonly train: Iterable<NamedPixels>;
  readonly validation: Iterable<NamedPixels>;
}): Promise<SeenImages> {
  return { train: await recordSplit(splits.train), validation: await recordSplit(splits.validation) };
}

async function recordSplit(images: Iterable<NamedPixels>): Promise<SeenSplit> {
  const pixels: string[] = [];
  const ids: string[] = [];
  for (const image of images) {
    const hashes = await hashesOf(image);
    pixels.push(hashes.pixels);
    ids.push(hashes.id);
  }
  return { pixels: pack(pixels), ids: pack(ids) };
}

/**
 * Finds the images that a model has seen in training: a measurement on them says nothing about new ones.
 *
 * @param images - At the size and channels of the model, as `prepareImage` and pixel stores give them; read once.
 * @throws {InvalidArgumentError} If the record is damaged.
 */
export async function findSeenImages(seen: SeenImages, images: Iterable<NamedPixels>): Promise<FoundImages> {
  const train = { pixels: unpack(seen.train.pixels), ids: unpack(seen.train.ids) };
  const validation = { pixels: unpack(seen.validation.pixels), ids: unpack(seen.validation.ids) };
  const found = { train: [] as string[], validation: [] as string[], named: [] as string[] };
  for (const image of images) {
    const { pixels, id } = await hashesOf(image);
    if (train.pixels.has(pixels)) found.train.push(image.id);
    else if (validation.pixels.has(pixels)) found.validation.push(image.id);
    else if (train.ids.has(id) || validation.ids.has(id)) found.named.push(image.id);
  }
  return found;
}

/** @internal What any of several models has seen. */
export function joinSeenImages(records: readonly SeenImages[]): SeenImages {
  const join = (split: 'train' | 'validation', kind: 'pixels' | 'ids') =>
    pack(records.flatMap((record) => [...unpack(record[split][kind])]));
  const joinSplit = (split: 'train' | 'validation') => ({
    pixels: join(split, 'pixels'),
    ids: join(split, 'ids'),
  });
  return { train: joinSplit('train'), validation: joinSplit('validation') };
}

async function hashesOf({ id, pixels }: NamedPixels): Promise<{ pixels: string; id: string }> {
  const hash = async (bytes: Uint8Array) => (await sha256(bytes)).slice(0, 2 * LENGTH);
  return { pixels: await hash(pixels), id: await hash(new TextEncoder().encode(id)) };
}

/** Hexadecimal to base64: sorted and each once, so that the order of images does not show. */
function pack(hashes: readonly string[]): string {
  const text = [...new Set(hashes)].sort().join('');
  let bytes = '';
  for (let at = 0; at < text.length; at += 2)
    bytes += String.fromCharCode(Number.parseInt(text.slice(at, at + 2), 16));
  return btoa(bytes);
}

function unpack(packed: string): Set<string> {
  const hashes = new Set<string>();
  let bytes: string;
  try {
    bytes = atob(packed);
  } catch {
    throw damaged(packed);
  }
  if (bytes.length % LENGTH !== 0) throw damaged(packed);
  for (let at = 0; at < bytes.length; at += LENGTH) {
    const hash = Array.from(bytes.slice(at, at + LENGTH), (byte) =>
      byte.charCodeAt(0).toString(16).padStart(2, '0'),
    );
    hashes.add(hash.join(''));
  }
  return hashes;
}

function damaged(packed: string): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: 'seen',
    expected: `base64 of hashes of ${LENGTH} bytes, as \`recordSeenImages\` makes it`,
    received: packed.slice(0, 40),
  });
}
