import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type DatasetAudit, FileError, type ProgressCallback, type Sample, throwIfAborted } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { auditDataset, DEFAULT_AUDIT_LIMITS, type OpenedImage } from 'xray-dataset';
import { encodePng, listImages, loadSplit, openImageFile } from 'xray-dataset/node';
import { NOT_A_MEDICAL_DEVICE } from 'xray-models';
import { auditedImagesShown, createReport, type ReportNote } from 'xray-report';
import { DECODE_CONCURRENCY } from '../data/decode-concurrency.js';
import { imageNotes, noteLines } from '../data/image-notes.js';
import { fullSizeDecoder, indexData } from '../data/index-data.js';
import { parseClassList } from '../data/parse-class-list.js';
import { describePatients, unknownPatientNotes } from '../data/patient-notes.js';
import { hostFacts } from '../run-folder/run-facts.js';
import { commandLine } from '../terminal/command-line.js';
import { addTableFlags, type DatasetFlags } from '../terminal/dataset-flags.js';
import { integer, positiveNumber } from '../terminal/flag-values.js';
import { newCommand, newRunFolder } from '../terminal/new-command.js';
import { type OutputFlags, runTask, type TaskContext } from '../terminal/run-task.js';

/** Longest side of the images in the report, in pixels. */
const THUMBNAIL_SIDE = 128;

interface AuditFlags extends Omit<DatasetFlags, 'onUnknownFinding' | 'onMissingFile'>, OutputFlags {
  readonly data: string;
  readonly unlabelled: boolean;
  readonly split?: string | undefined;
  readonly output?: string | undefined;
  readonly nearDistance: number;
  readonly nearCorrelation: number;
}

/** `xray audit`. Whatever it finds, it ends with exit code 0; only errors change that. */
export function auditCommand(): Command {
  const command = newCommand(
    'audit',
    'Looks for what is wrong with a dataset: duplicates, patients in several splits, and suspicious files.',
  )
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
    );
  return addTableFlags(command)
    .option('--split <file>', 'a saved split of these images, which replaces their own')
    .option('--output <folder>', 'folder for audit.json and audit.html (default: runs/audit-<time>)')
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
    .addHelpText(
      'after',
      `
Examples:
  xray audit --data ./chest_xray
  xray audit --data ./scans --unlabelled`,
    )
    .action((_options, self: Command) => audit(self.optsWithGlobals<AuditFlags>()));
}

/** What is audited. */
interface Material {
  readonly samples: readonly Sample[];
  readonly layout: string;
  readonly notes: readonly ReportNote[];
  open(sample: Sample): Promise<OpenedImage>;
}

async function audit(flags: AuditFlags): Promise<void> {
  await runTask(flags, 'Nothing was written.', (context) => auditIn(context, flags));
}

async function auditIn({ signal, onEvent, say, finish }: TaskContext, flags: AuditFlags): Promise<void> {
  const started = performance.now();
  const { samples, layout, open, ...material } = await readMaterial(flags, onEvent);
  const output = resolve(flags.output ?? newRunFolder('audit'));
  await makeFolder(output);
  const { nearDistance, nearCorrelation } = flags;
  const found = await auditDataset(samples, {
    open,
    limits: { nearDistance, nearCorrelation },
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress: onEvent,
  });
  const doubts = imageNotes(found.doubtful ?? []);
  const notes = [...material.notes, ...doubts];
  const run = {
    command: commandLine(),
    ...hostFacts(),
    layout,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const thumbnails: Record<string, string> = {};
  for (const id of auditedImagesShown(found)) {
    throwIfAborted(signal, 'The audit');
    const image = await drawThumbnail(byId.get(id)!, open);
    if (image !== undefined) thumbnails[id] = image;
  }
  const page = createReport({
    title: `Audit of ${flags.data}`,
    summary: `${describePatients(samples)} (${layout}). What is listed is worth a look; none of it is a verdict.`,
    notes,
    audit: { audit: found, thumbnails },
    run,
  });
  await writeFileAtomic(join(output, 'audit.json'), `${JSON.stringify({ ...found, run }, null, 2)}\n`);
  await writeFileAtomic(join(output, 'audit.html'), page);
  for (const line of [...material.notes.map(({ text }) => text), ...noteLines(doubts)]) say(line);
  finish(summaryOf(found), { folder: output, ...found });
  say(`Took ${run.seconds} s. Report: ${join(output, 'audit.html')}\n${NOT_A_MEDICAL_DEVICE}`);
}

async function readMaterial(flags: AuditFlags, onProgress: ProgressCallback): Promise<Material> {
  const openWith = (sample: Sample) =>
    openImageFile(sample, { frame: flags.frame, maxPixels: flags.maxPixels });
  if (flags.unlabelled) {
    const samples = await inSplits(await listImages(flags.data), flags.split);
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
    samples: await inSplits(index.samples, flags.split),
    layout: index.layout,
    notes: [...index.notes, ...unknownPatientNotes(index.samples)],
    open: index.areFiles ? openWith : async (sample) => ({ decode: () => decode(sample) }),
  };
}

/** The samples in the splits of a saved split, or in their own. */
async function inSplits(samples: readonly Sample[], file: string | undefined): Promise<readonly Sample[]> {
  if (file === undefined) return samples;
  const splits = await loadSplit(file, samples);
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
