import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexData } from './index-data.js';

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
