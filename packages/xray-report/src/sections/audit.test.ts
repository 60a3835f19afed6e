import { describe, expect, it } from 'vitest';
import { PIXEL, sampleAudit } from '../__fixtures__/sample-report.js';
import { createReport } from '../create-report.js';
import type { ReportAudit } from '../report-data.js';
import { auditedImagesShown } from './audited-images.js';

const pageOf = (audit: ReportAudit) => createReport({ title: 'Audit', summary: 'Of a folder.', audit });
const text = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('audit section', () => {
  it('counts what was found', () => {
    const shown = text(pageOf({ audit: sampleAudit() }));
    for (const words of [
      'Images 5,216 of 3,654 patients',
      'Exact duplicates 2 groups, 5 files',
      'Near duplicates 1 group, 2 files',
      'Across sides, classes or patients 2 groups of duplicates',
      'Patients on several sides 1 of the split',
      'Unreadable files 1 cannot be decoded',
      'Suspicious images 2 worth a look',
      'viral 1,345 1,090 3 2',
      'all 2,686 3',
      'height 127 888 2,713',
      'Most common of 4,366 sizes',
      '4,933 images with 1 channel of 8 bits; 283 images with 3 channels of 8 bits.',
      'person7 2 1',
      'is truncated',
      'distance 4, correlation 0.991 in several classes',
      'equal pixels on several sides of several patients',
      'Flat border (1 image)',
      'from 10.0',
      '14.7',
    ])
      expect(shown).toContain(words);
    expect(shown).toContain('a&#60;b&#62;.jpeg'); // file names are escaped
  });

  it('shows thumbnails where there are some, and groups across sides first', () => {
    const page = pageOf({ audit: sampleAudit(), thumbnails: { 'side-1.jpeg': PIXEL, 'bar.png': PIXEL } });
    expect(page.split(`src="${PIXEL}"`)).toHaveLength(1 + 3); // the bar twice: border and text
    expect(page.indexOf('side-1.jpeg')).toBeLessThan(page.indexOf('same-1.jpeg'));
    expect(auditedImagesShown(sampleAudit())).toEqual([
      ...['side-1.jpeg', 'side-2.jpeg', 'side-3.png', 'same-1.jpeg', 'same-2.jpeg'],
      ...['near-1.jpeg', 'near-2.jpeg', 'blank.png', 'bar.png'],
    ]);
  });

  it('counts what it leaves out', () => {
    const audit = sampleAudit();
    const many = {
      ...audit,
      exactDuplicates: Array.from({ length: 30 }, (_, group) => ({
        ids: Array.from({ length: 8 }, (_, index) => `${group}-${index}.png`),
        ...{ same: 'bytes', across: [] as const },
      })) as typeof audit.exactDuplicates,
      suspicious: Array.from({ length: 13 }, (_, index) => ({
        ...{ id: `tiny-${index}.png`, kind: 'tiny' as const, value: 28 },
      })),
    };
    const shown = text(pageOf({ audit: many }));
    expect(shown).toContain('6 more groups are not shown.');
    expect(shown).toContain('2 more files are not shown.');
    expect(shown).toContain('One more image is not shown.');
    expect(auditedImagesShown(many)).toHaveLength(24 * 6 + 2 + 12);
  });

  it('leaves out what was not found', () => {
    const clean = {
      ...sampleAudit(),
      ...{ sizes: null, pixelKinds: [], unreadable: [], exactDuplicates: [], nearDuplicates: [] },
      ...{ patientsOnSeveralSides: [], suspicious: [] },
    };
    const page = pageOf({ audit: clean });
    expect(page).not.toContain('<h3>');
    expect(text(page)).not.toContain('Sizes');
    expect(text(page)).toContain('Suspicious images 0 worth a look');
  });
});
