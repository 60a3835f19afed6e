import { describe, expect, it } from 'vitest';
import { PIXEL, threeClassReport, twoClassReport } from './__fixtures__/sample-report.js';
import { createReport } from './create-report.js';
import type { ReportData } from './report-data.js';

const MINIMAL: ReportData = { title: 'Small CNN', summary: 'Trained on 4,193 images.' };
const SECTIONS = {
  notes: 'notes',
  data: 'data',
  audit: 'audit',
  model: 'model',
  training: 'training',
  evaluations: 'evaluation',
  mistakes: 'mistakes',
  run: 'run',
} as const;
const PARTS = Object.entries(SECTIONS) as [keyof typeof SECTIONS, string][];

const sectionsOf = (page: string) => [...page.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
const embedded = (page: string) =>
  JSON.parse(/<script type="application\/json" id="xray-report-data">(.*?)<\/script>/s.exec(page)![1]!);

/** Tags without an end tag. */
const VOID = new Set(['meta', 'img', 'br']);

/** Checks that every tag is closed where it must be; the way `<title>` or `</div>` slips in a template. */
function expectBalanced(page: string): void {
  const open: string[] = [];
  const markup = page
    .replace(/<!doctype html>/, '')
    .replace(/(<(style|script)[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3');
  for (const [tag, slash, name, self] of markup.matchAll(/<(\/?)([a-zA-Z0-9]+)(?:[^<>"]|"[^"]*")*?(\/?)>/g)) {
    if (slash === '/') expect(open.pop(), tag).toBe(name);
    else if (self !== '/' && !VOID.has(name!)) open.push(name!);
  }
  expect(open).toEqual([]);
}

describe('createReport', () => {
  it('shows every part that is there, in order', () => {
    for (const report of [twoClassReport(), threeClassReport()]) {
      expect(sectionsOf(createReport(report))).toEqual(Object.values(SECTIONS));
    }
  });

  it.each(PARTS)('shows %s alone and leaves it out without data', (part, id) => {
    const whole = twoClassReport();
    expect(sectionsOf(createReport({ ...MINIMAL, [part]: whole[part] }))).toEqual([id]);
    const { [part]: _, ...rest } = whole;
    expect(sectionsOf(createReport(rest))).toEqual(Object.values(SECTIONS).filter((other) => other !== id));
  });

  it('shows a title, a summary and the notice when there is nothing else', () => {
    const page = createReport(MINIMAL);
    expect(sectionsOf(page)).toEqual([]);
    expect(page).toContain('<h1>Small CNN</h1>');
    expect(page.match(/Research only, not a medical device\./g)).toHaveLength(2); // head and foot
    expect(page).not.toContain('<nav');
  });

  it('leaves out lists that are empty', () => {
    const empty = { ...MINIMAL, notes: [], evaluations: [], mistakes: [], run: {} };
    expect(sectionsOf(createReport(empty))).toEqual([]);
  });

  it('is well-formed', () => {
    for (const report of [MINIMAL, twoClassReport(), threeClassReport()])
      expectBalanced(createReport(report));
  });

  it('refers to nothing outside of itself and runs nothing', () => {
    const page = createReport(twoClassReport());
    expect(page).not.toMatch(/<link|<iframe|<object|<embed|<base|<form|@import|url\(|javascript:/i);
    for (const [, source] of page.matchAll(/\s(?:src|href|srcset|xlink:href|action)="([^"]*)"/g)) {
      expect(source).toMatch(/^(#|data:image\/)/);
    }
    expect(page).not.toMatch(/\son\w+="/i);
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script type="application/json" id="xray-report-data">',
    ]);
    // Names of the SVG namespaces are the only addresses.
    const addresses = new Set(page.match(/https?:\/\/[^"'\s<]+/g));
    expect([...addresses].sort()).toEqual(['http://www.w3.org/1999/xlink', 'http://www.w3.org/2000/svg']);
    expect(page).toContain("default-src 'none'".replaceAll("'", '&#39;'));
  });

  it('escapes texts wherever they stand', () => {
    const evil = `</script><script>alert("1")</script><img src=x onerror='alert(2)'>`;
    const report = structuredClone(twoClassReport()) as unknown as Record<string, unknown>;
    const poison = (node: unknown): unknown => {
      if (typeof node === 'string') return node.startsWith('data:image') ? node : `${node}${evil}`;
      if (Array.isArray(node)) return node.map(poison);
      if (typeof node !== 'object' || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, poison(value)]));
    };
    // Words that mean something to the program stay as they are.
    const kept = ['kind', 'stopReason', 'thresholdRule', 'thresholdFrom', 'split', 'same', 'across'];
    const restore = (node: unknown, original: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const before = (original as Record<string, unknown>)[key];
        if (kept.includes(key)) (node as Record<string, unknown>)[key] = before;
        else restore(value, before);
      }
    };
    const poisoned = poison(report) as ReportData;
    restore(poisoned, report);

    const page = createReport({ ...poisoned, run: { [evil]: evil, nested: { [evil]: [evil, 1] } } });
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain('<img src=x');
    expectBalanced(page);
    expect(embedded(page).title).toBe(`Small CNN, 2 classes${evil}`);
  });

  it('writes texts with dollar signs as they are', () => {
    const { data } = threeClassReport();
    const page = createReport({ ...MINIMAL, data: { ...data!, classNames: ["$&$'", '$1', '$`'] } });
    expect(page).toContain(
      'aria-label="Bar chart of images per class. train: $&#38;$&#39; 1,079, $1 2,031, $` 1,076;',
    );
  });

  it('carries the numbers for programs', () => {
    const report = threeClassReport();
    const { title, evaluations, run } = report;
    expect(embedded(createReport(report))).toEqual({ title, evaluations, run });
  });

  it('is the same for the same data', () => {
    expect(createReport(twoClassReport())).toBe(createReport(twoClassReport()));
    const stored = JSON.parse(JSON.stringify(threeClassReport())) as ReportData;
    expect(createReport(stored)).toBe(createReport(threeClassReport()));
  });

  it('gives every heading its place and every id once', () => {
    const page = createReport(twoClassReport());
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, index) => {
      expect(level - levels[index]!).toBeLessThanOrEqual(1);
    });
    for (const [image] of page.matchAll(/<img [^>]*>/g)) expect(image).toMatch(/ alt="[^"]+"/);
  });

  it('shows undefined numbers as dashes', () => {
    const report = twoClassReport();
    const { name, evaluation } = report.evaluations![0]!;
    const undefinedNumbers = {
      ...evaluation,
      auroc: null,
      sensitivity: null,
      intervals: {},
      intervalMethod: null,
      patientCount: null,
    };
    const page = createReport({ ...MINIMAL, evaluations: [{ name, evaluation: undefinedNumbers }] });
    expect(page).toContain('<dt>Test AUROC</dt><dd><span class="value">–</span>');
    expect(page).not.toMatch(/95\u202f% interval <|ROC curve|NaN|undefined|null of/);
  });
});

describe('the parts of a page', () => {
  const page = createReport(twoClassReport());
  const plain = page
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, '|')
    .replace(/\s*\|[\s|]*/g, '|');

  it('has the headline numbers with their intervals', () => {
    expect(plain).toMatch(/Test AUROC\|0\.962\|95\u202f% interval\|0\.948–0\.974/);
    expect(plain).toMatch(/Specificity\|85\.5\u202f%/);
  });

  it('has the counts, shares and patients of each split', () => {
    expect(plain).toMatch(/\|train\|1,081\|25\.8\u202f%\|3,112\|74\.2\u202f%\|4,193\|2,188\|/);
    expect(plain).toMatch(/\|all\|1,583\|27\.0\u202f%\|4,273\|73\.0\u202f%\|5,856\|/);
  });

  it('leaves the patients out where none are known', () => {
    const data = {
      classNames: ['a', 'b'],
      splits: [{ name: 'train', imageCounts: [1, 2], patientCount: null }],
    };
    expect(createReport({ ...MINIMAL, data })).not.toContain('Patients');
  });

  it('has the images with their sizes', () => {
    expect(page.split(`src="${PIXEL}"`)).toHaveLength(1 + 2 * 3 + 2 + 6); // samples twice, thumbnails, mistakes
    expect(plain).toContain('1858×2090');
  });

  it('sums the parameters of the model', () => {
    expect(plain).toMatch(/\|total\|266,306\|266,306\|/); // the study's network 1
  });

  it('says how the training ended', () => {
    expect(plain).toContain(
      'Stopped early after 8 epochs. The weights of epoch 5 were kept, chosen by validation loss.',
    );
    expect(plain).toMatch(/\|5 \(best\)\|/);
    expect(page).toMatch(/<details[^>]*><summary>Numbers of every epoch/);
  });

  it('counts the epochs of the table once, also where the logs carry their number', () => {
    const epochs = [0, 1].map((epoch) => ({ epoch, loss: 1 - epoch / 2 }));
    const table = createReport({ ...MINIMAL, training: { epochs } }).split('Numbers of every epoch')[1]!;
    expect([...table.matchAll(/<th scope="col"[^>]*>([^<]*)/g)].map(([, heading]) => heading)).toEqual([
      'Epoch',
      'Loss',
    ]);
    expect([...table.matchAll(/<th scope="row">([^<]*)/g)].map(([, number]) => number)).toEqual(['1', '2']);
  });

  it('has the numbers at the threshold beside those at 0.5', () => {
    expect(plain).toMatch(/Specificity\|85\.5\u202f%\|80\.6–89\.7\u202f%\|53\.0\u202f%/);
    expect(plain).toContain(
      'Threshold of the two-class numbers: 0.712 (the largest sensitivity + specificity',
    );
    expect(plain).toMatch(/\|macro average\|[\s\S]*\|weighted average\|/);
  });

  it('says over how many copies of each image was averaged', () => {
    const averaged = structuredClone(twoClassReport());
    const [first] = averaged.evaluations as unknown as { evaluation: object }[];
    first!.evaluation = {
      ...first!.evaluation,
      testTimeAugmentation: { name: 'strong', copies: 9, seed: 7 },
    };
    expect(createReport(averaged)).toContain('Probabilities are means over 9 copies of each image (strong).');
  });

  it('flattens the facts of the run', () => {
    expect(plain).toMatch(/\|Device › Workers\|1, 2\|/);
    expect(plain).toMatch(/\|Versions › @tensorflow\/tfjs-core\|4\.22\.0\|/);
    expect(plain).toMatch(/\|Resumed\|no\|/);
  });

  it('says that a list is empty', () => {
    const page = createReport({ ...MINIMAL, run: { skippedDevices: [] } });
    expect(page).toContain('<dt>Skipped devices</dt><dd>none</dd>');
  });

  it('folds long lists away', () => {
    const details = Array.from({ length: 6 }, (_, index) => `${index}.png: truncated`);
    const long = createReport({ ...MINIMAL, notes: [{ kind: 'info', text: 'Skipped.', details }] });
    expect(long).toContain('<summary>6 items</summary>');
    expect(page).not.toContain('<summary>2 items</summary>');
  });
});
