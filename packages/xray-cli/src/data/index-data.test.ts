import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA } from 'xray-core';
import { indexData } from './index-data.js';
import { parseClassList } from './parse-class-list.js';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'xray-index-'));
  await writeFile(
    join(data, 'table.csv'),
    'file,label,view\na.png,normal,PA\nb.png,normal,AP\nc.png,normal,LL\n',
  );
  for (const name of ['a', 'b', 'c']) await writeFile(join(data, `${name}.png`), '');
});
afterAll(() => rm(data, { recursive: true }));

/** A folder with empty files of these names. */
async function folderOf(name: string, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    await mkdir(join(data, name, path, '..'), { recursive: true });
    await writeFile(join(data, name, path), '');
  }
  return join(data, name);
}
const asked = { onUnknownFinding: 'fail', onMissingFile: 'fail' } as const;

describe('indexData of a folder', () => {
  it('names all that it leaves out', async () => {
    const folder = await folderOf('mixed', [
      ...['COVID/images/a.png', 'COVID/masks/a.png', 'Normal/images/b.png', 'Normal/images/c.bmp'],
      ...['Normal/Thumbs.db', 'list.xlsx'],
    ]);
    const { samples, notes } = await indexData(
      { ...asked, data: folder },
      parseClassList('no=normal,yes=covid'),
    );
    expect(samples).toHaveLength(2);
    expect(notes.map(({ text }) => text)).toEqual([
      '1 masks in COVID/masks were left out: they are no images to classify.',
      '1 files of a type that cannot be read were left out (1 .bmp).',
      '1 files that are no images were left out (1 .xlsx).',
      '1 files of operating systems were left out.',
    ]);
  });

  it('wants a class for every finding, or leaves out those without and names them', async () => {
    const folder = await folderOf('three', ['Normal/a.png', 'PNEUMONIA/b.png', 'Covid/c.png', 'Covid/d.png']);
    await expect(indexData({ ...asked, data: folder }, NORMAL_PNEUMONIA)).rejects.toThrow(
      /`findings of \S+three` must be among normal, .*Received: "covid \(2 images\)"\. .*--classes .*--on-unknown-finding skip/,
    );
    const skip = { ...asked, onUnknownFinding: 'skip' } as const;
    const { samples, notes } = await indexData({ ...skip, data: folder }, NORMAL_PNEUMONIA);
    expect(samples.map(({ finding }) => finding)).toEqual(['normal', 'pneumonia']);
    expect(notes).toEqual([{ kind: 'warning', text: 'Left out for lack of a class: covid (2 images).' }]);
    const classes = parseClassList('well=NORMAL,ill=PNEUMONIA+COVID');
    expect((await indexData({ ...asked, data: folder }, classes)).samples).toHaveLength(4);
  });

  it('reads patients as --patient-from says, also for a table', async () => {
    const folder = await folderOf('p', ['normal/7_1.png', 'normal/7_2.png', 'ill/8_1.png']);
    const patientFrom = '/(\\d+)_';
    const index = await indexData({ ...asked, data: folder, patientFrom });
    expect(index.samples.map(({ patientId }) => patientId)).toEqual(['8', '7', '7']);
    const mapping = 'image=file,finding=label,view=view';
    const table = await indexData({ ...asked, data, mapping, views: 'PA', patientFrom: '[a-z]' });
    expect(table.samples.map(({ patientId, isPatientUnknown }) => [patientId, isPatientUnknown])).toEqual([
      ['a', undefined],
    ]);
  });
});

describe('indexData', () => {
  it.each(['PA,AP', 'PA, AP', ' AP ,PA'])('keeps the views of `%s`', async (views) => {
    const { samples, skippedRows } = await indexData({
      ...{ data, mapping: 'image=file,finding=label,view=view', views },
      ...{ onUnknownFinding: 'fail', onMissingFile: 'fail' },
    });
    expect(samples.map(({ id }) => id)).toEqual(['a.png', 'b.png']);
    expect(skippedRows.map(({ image, reason }) => [image, reason])).toEqual([['c.png', 'view']]);
  });
});
