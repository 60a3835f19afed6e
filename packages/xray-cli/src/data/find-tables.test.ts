import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidArgumentError } from 'xray-core';
import { findTables } from './find-tables.js';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'xray-tables-'));
});
afterEach(() => rm(data, { recursive: true }));

async function put(files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(data, file)), { recursive: true });
    await writeFile(join(data, file), file.endsWith('.gz') ? gzipSync('a,b\n') : 'a,b\n');
  }
}

const found = async (mapping: string, manifest?: readonly string[]) => {
  const { files, notes } = await findTables(mapping, { data, manifest });
  return [...files.map((file) => relative(data, file)), ...notes];
};

describe('findTables', () => {
  it.each([
    ['image=file,finding=label', ['labels.csv', 'images/other.csv', 'notes.txt'], ['labels.csv']],
    ['image=file,finding=label', ['labels.csv.gz'], ['labels.csv.gz']],
    ['nih-chest-xray14', ['Data_Entry_2017_v2020.csv', 'BBox_List_2017.csv'], ['Data_Entry_2017_v2020.csv']],
    [
      'chexpert',
      [
        'CheXpert-v1.0 batch 1 (validate & csv)/train.csv',
        'CheXpert-v1.0 batch 1 (validate & csv)/valid.csv',
        'train_cheXbert.csv',
      ],
      [
        'CheXpert-v1.0 batch 1 (validate & csv)/train.csv',
        'CheXpert-v1.0 batch 1 (validate & csv)/valid.csv',
      ],
    ],
    [
      'mimic-cxr-jpg',
      ['split', 'chexpert', 'negbio', 'metadata'].map((part) => `mimic-cxr-2.0.0-${part}.csv.gz`),
      [
        'mimic-cxr-2.0.0-split.csv.gz',
        'labels of mimic-cxr-2.0.0-chexpert.csv.gz',
        'metadata of mimic-cxr-2.0.0-metadata.csv.gz',
      ],
    ],
    [
      'vindr-cxr',
      [
        'annotations/image_labels_train.csv',
        'annotations/image_labels_test.csv',
        'annotations/annotations_train.csv',
      ],
      ['annotations/image_labels_test.csv', 'annotations/image_labels_train.csv'],
    ],
    [
      'padchest',
      ['PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv'],
      ['PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv'],
    ],
    ['covidx', ['train.txt', 'val.txt', 'test.txt', 'licence.txt'], ['test.txt', 'train.txt', 'val.txt']],
    [
      'rsna-pneumonia',
      ['stage_2_train_labels.csv', 'pneumonia-challenge-dataset-mappings_2018.json'],
      ['stage_2_train_labels.csv', 'patients of pneumonia-challenge-dataset-mappings_2018.json'],
    ],
  ])('finds the tables of %s', async (mapping, files, expected) => {
    await put(files);
    expect(await found(mapping)).toEqual(expected);
  });

  it('takes those it is told, and looks for others beside them', async () => {
    await put(['tables/mine.csv', 'tables/mimic-cxr-2.0.0-negbio.csv', 'files/p10/x.jpg']);
    const { files, notes } = await findTables('mimic-cxr-jpg', {
      data: join(data, 'files'),
      manifest: [join(data, 'tables/mine.csv')],
    });
    expect(files).toEqual([join(data, 'tables/mine.csv')]);
    expect(notes).toEqual(['labels of mimic-cxr-2.0.0-negbio.csv']);
  });

  it.each([
    ['image=file,finding=label', [], /because .* holds no table/],
    ['image=file,finding=label', ['a.csv', 'b.csv'], /holds several tables.*a\.csv.*b\.csv/],
    [
      'rsna-pneumonia',
      ['stage_2_train_labels.csv', 'stage_2_detailed_class_info.csv'],
      /by the names that rsna-pneumonia gives them, several/,
    ],
    ['chexpert', ['train.csv', 'small/train.csv'], /several tables/],
    ['padchest', ['labels.csv'], /no table/],
    ['mimic-cxr-jpg', ['mimic-cxr-2.0.0-split.csv.gz'], /in one folder with mimic-cxr-2\.0\.0-chexpert/],
  ])('says what is wrong with the tables of %s', async (mapping, files, problem) => {
    await put(files);
    await expect(findTables(mapping, { data })).rejects.toThrow(problem);
    await expect(findTables(mapping, { data })).rejects.toThrow(InvalidArgumentError);
  });
});
