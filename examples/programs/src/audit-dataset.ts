/**
 * Looks for what is wrong with a dataset: the same or nearly the same image twice, across sides, classes or patients;
 * patients on several sides; files that cannot be read; images that hardly are chest X-rays as a network expects them.
 *
 *   npx -y pnpm@12.21.0 example audit-dataset --data <folder of chest X-rays> --output <folder>
 *
 * Writes audit.json and audit.html. Whatever it finds, it ends with exit code 0; only errors change that.
 * Research only, not a medical device.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { type DatasetAudit, FileError, type ProgressCallback, type Sample, throwIfAborted } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { auditDataset, DEFAULT_AUDIT_LIMITS, type OpenedImage } from 'xray-dataset';
import { encodePng, listImages, loadSplit, openImageFile } from 'xray-dataset/node';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { auditedImagesShown, createReport, type ReportNote } from 'xray-report';
import { parseClassList } from './common/class-list-flag.js';
import { addTableOptions, type DatasetFlags } from './common/dataset-flags.js';
import { integer, positiveNumber } from './common/flag-values.js';
import { DECODE_CONCURRENCY, newCommand, newRunFolder } from './common/flags.js';
import { imageNotes, noteLines } from './common/image-notes.js';
import { fullSizeDecoder, indexData } from './common/index-data.js';
import { describePatients, unknownPatientNotes } from './common/patient-notes.js';
import { commandLine, hostFacts } from './common/run-facts.js';
import { runTask } from './common/run-program.js';

/** Longest side of the images in the report, in pixels. */
const THUMBNAIL_SIDE = 128;

const flags = addTableOptions(
  newCommand('audit-dataset', 'Looks for duplicates, divided patients, and suspicious files of a dataset.')
    .requiredOption(
      '--data <folder>',
      'images in the Kaggle, the Mendeley or any class-per-folder layout, or a MedMNIST file',
    )
    .addOption(
      new Option('--unlabelled', 'every image below --data, whatever its layout; nothing is known about it')
        .default(false)
        .conflicts([
          ...['mapping', 'manifest', 'uncertain', 'readers', 'findings', 'views'],
          ...['classes', 'patientFrom'],
        ]),
    ),
)
  .option('--split <file>', 'a saved split of these images, whose sides replace their own')
  .option('--output <folder>', 'folder for audit.json and audit.html', newRunFolder('audit-dataset'))
  .option(
    '--near-distance <bits>',
    'largest Hamming distance of near duplicates, of 64 bits',
    integer,
    DEFAULT_AUDIT_LIMITS.nearDistance,
  )
  .option(
    '--near-correlation <share>',
    'smallest correlation of near duplicates',
    positiveNumber,
    DEFAULT_AUDIT_LIMITS.nearCorrelation,
  )
  .parse()
  .opts<
    Omit<DatasetFlags, 'onUnknownFinding' | 'onMissingFile'> & {
      data: string;
      unlabelled: boolean;
      split?: string;
      output: string;
      nearDistance: number;
      nearCorrelation: number;
    }
  >();

const openWith = (sample: Sample) =>
  openImageFile(sample, { frame: flags.frame, maxPixels: flags.maxPixels });

/** What is audited. */
interface Material {
  readonly samples: readonly Sample[];
  readonly layout: string;
  readonly notes: readonly ReportNote[];
  open(sample: Sample): Promise<OpenedImage>;
}

await runTask('Nothing was written.', async ({ signal, onProgress, say }) => {
  const started = performance.now();
  const { samples, layout, open, ...material } = await readMaterial(onProgress);
  const output = resolve(flags.output);
  await makeFolder(output);
  const { nearDistance, nearCorrelation } = flags;
  const audit = await auditDataset(samples, {
    open,
    limits: { nearDistance, nearCorrelation },
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  });
  const doubts = imageNotes(audit.doubtful ?? []);
  const notes = [...material.notes, ...doubts];
  const run = {
    command: commandLine(),
    ...hostFacts(),
    layout,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const thumbnails: Record<string, string> = {};
  for (const id of auditedImagesShown(audit)) {
    throwIfAborted(signal, 'The audit');
    const image = await drawThumbnail(byId.get(id)!, open);
    if (image !== undefined) thumbnails[id] = image;
  }
  const page = createReport({
    title: `Audit of ${flags.data}`,
    summary: `${describePatients(samples)} (${layout}). What is listed is worth a look; none of it is a verdict.`,
    notes,
    audit: { audit, thumbnails },
    run,
  });
  await writeFileAtomic(join(output, 'audit.json'), `${JSON.stringify({ ...audit, run }, null, 2)}\n`);
  await writeFileAtomic(join(output, 'audit.html'), page);
  for (const line of [...material.notes.map(({ text }) => text), ...noteLines(doubts)]) say(line);
  console.log(summaryOf(audit));
  say(`Took ${run.seconds} s. Report: ${join(output, 'audit.html')}\n${NOT_A_MEDICAL_DEVICE}`);
});

async function readMaterial(onProgress: ProgressCallback): Promise<Material> {
  if (flags.unlabelled) {
    const samples = await onSides(await listImages(flags.data));
    return { samples, layout: 'unlabelled', notes: unknownPatientNotes(samples), open: openWith };
  }
  // Rows without a file are among the findings.
  const index = await indexData(
    { ...flags, onUnknownFinding: 'skip', onMissingFile: 'skip' },
    flags.classes === undefined ? undefined : parseClassList(flags.classes),
    onProgress,
  );
  const decode = fullSizeDecoder(index);
  return {
    samples: await onSides(index.samples),
    layout: index.layout,
    notes: [...index.notes, ...unknownPatientNotes(index.samples)],
    open: index.areFiles ? openWith : async (sample) => ({ decode: () => decode(sample) }),
  };
}

/** The samples on the sides of `--split`, or on their own. */
async function onSides(samples: readonly Sample[]): Promise<readonly Sample[]> {
  if (flags.split === undefined) return samples;
  const splits = await loadSplit(flags.split, samples);
  const sided = (['train', 'validation', 'test'] as const).flatMap((split) =>
    splits[split].map((sample) => ({ ...sample, split })),
  );
  return [...sided, ...(splits.sharedPatients?.dropped ?? []).map(({ split: _, ...sample }) => sample)];
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const problem = `cannot be created (${(error as NodeJS.ErrnoException).code})`;
    throw new FileError({ file: folder, problem, fix: 'Choose another `--output`.', cause: error });
  }
}

/** `undefined` for an image that cannot be read; the audit says so. */
async function drawThumbnail(sample: Sample, open: Material['open']): Promise<string | undefined> {
  try {
    const { decode } = await open(sample);
    return await encodePng(await decode(), { maxSide: THUMBNAIL_SIDE });
  } catch {
    return undefined;
  }
}

function patientsOf({ imageCount, patientCount, imagesOfUnknownPatients = 0 }: DatasetAudit): string {
  if (imagesOfUnknownPatients === imageCount) return 'unknown patients';
  const others = imagesOfUnknownPatients === 0 ? '' : `, ${imagesOfUnknownPatients} of unknown patients`;
  return `${patientCount} patients${others}`;
}

/** What was found, one line each. */
function summaryOf(audit: DatasetAudit): string {
  const { exactDuplicates, nearDuplicates, suspicious } = audit;
  const across = (groups: readonly { readonly across: readonly string[] }[]) =>
    `${groups.filter((group) => group.across.length > 0).length} across sides, classes or patients`;
  const kinds = new Map<string, number>();
  for (const { kind } of suspicious) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [
    `images                    ${audit.imageCount} of ${patientsOf(audit)}`,
    `exact duplicates          ${exactDuplicates.length} groups, ${across(exactDuplicates)}`,
    `near duplicates           ${nearDuplicates.length} groups, ${across(nearDuplicates)}`,
    `patients on several sides ${audit.patientsOnSeveralSides.length}`,
    `unreadable files          ${audit.unreadable.length}`,
    `doubtful images           ${new Set((audit.doubtful ?? []).map(({ id }) => id)).size}`,
    `suspicious images         ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}`,
  ].join('\n');
}
