import type { Sample } from 'xray-core';
import type { PixelStore } from 'xray-dataset';
import { type BundleMetadata, findSeenImages, type NamedPixels } from 'xray-models';
import type { ReportNote } from 'xray-report';

/** The pixels of samples one after the other, so that no more than one is in memory. */
export function* namedPixels(store: PixelStore, samples: readonly Sample[]): Generator<NamedPixels> {
  for (const { id } of samples) yield { id, pixels: store.pixelsOf(id) };
}

const LISTED = 20;

/** What has to be said about images that the model has seen before, the gravest first; nothing where there are none. */
export async function seenImagesNotes(
  { seenImages }: BundleMetadata,
  store: PixelStore,
  samples: readonly Sample[],
): Promise<ReportNote[]> {
  if (seenImages === undefined) {
    const text =
      'The model does not say which images it was trained on: whether these are among them is unknown.';
    return [{ kind: 'info', text }];
  }
  const { train, validation, named } = await findSeenImages(seenImages, namedPixels(store, samples));
  const of = (ids: readonly string[]) => `${ids.length} of ${samples.length} images`;
  const notes: readonly (readonly [ids: readonly string[], text: string])[] = [
    [
      train,
      `THE MODEL WAS TRAINED ON ${of(train)}: the numbers do not say how well it does on new ones. Pixels are equal.`,
    ],
    [
      validation,
      `Epoch and threshold of the model were chosen on ${of(validation)}: the numbers are too good. Pixels are equal.`,
    ],
    [
      named,
      `${of(named)} have the name of one that the model was trained with, but other pixels: perhaps the same in another size.`,
    ],
  ];
  return notes
    .filter(([ids]) => ids.length > 0)
    .map(([ids, text]) => ({ kind: 'warning', text, details: shorten(ids) }));
}

function shorten(ids: readonly string[]): string[] {
  const more = ids.length - LISTED;
  return more > 0 ? [...ids.slice(0, LISTED), `and ${more} more`] : [...ids];
}
