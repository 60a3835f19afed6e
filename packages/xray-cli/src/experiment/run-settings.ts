import type { RunSettings } from '../run-folder/run-folder.js';
import type { CompleteOptions } from './experiment-options.js';

/**
 * What decides the result of a run, apart from device, data and split, which are compared by their content: a run is resumed with
 * the same settings only. `epochs` may be raised, and titles changed.
 */
export function settingsOf(options: CompleteOptions): RunSettings {
  const { name, title: _title, summary: _summary, training, ...recipe } = options.recipe;
  const { epochs: _epochs, ...decisive } = training;
  return {
    recipe: name,
    ...flatten({ ...recipe, ...decisive }),
    ownModel: options.createModel !== undefined,
    seed: options.seed,
    limit: options.limit ?? null,
    asPublished: options.asPublished,
    ownSides: options.ownSides,
    validationShare: options.validationShare,
    testShare: options.testShare,
    fold: options.fold ?? null,
    holdOutSource: options.holdOutSource ?? null,
    onSharedPatients: options.onSharedPatients ?? null,
    mapping: options.mapping ?? null,
    uncertain: options.uncertain ?? null,
    readers: options.readers ?? null,
    findings: options.findings ?? null,
    views: options.views ?? null,
    patientFrom: options.patientFrom ?? null,
    onUnknownFinding: options.onUnknownFinding ?? null,
    onMissingFile: options.onMissingFile ?? null,
    onBadImage: options.onBadImage,
    frame: options.frame ?? null,
    maxPixels: options.maxPixels ?? null,
    bitsStored: options.bitsStored ?? null,
  };
}

/** `{ a: { b: 1 } }` as `{ 'a.b': 1 }`; lists become text. */
function flatten(value: object, prefix = ''): RunSettings {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, one]) => {
      const name = `${prefix}${key}`;
      if (Array.isArray(one)) return { [name]: one.join(',') };
      return typeof one === 'object' && one !== null ? flatten(one, `${name}.`) : { [name]: one };
    }),
  );
}
