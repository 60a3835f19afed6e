import { describe, expect, it } from 'vitest';
import { ROC, sampleEvaluation, threeClassReport, twoClassReport } from '../__fixtures__/sample-report.js';
import { createReport } from '../create-report.js';
import { classCountChart } from './class-count-chart.js';
import { classShareChart } from './class-share-chart.js';
import { confusionChart } from './confusion-chart.js';
import { epochChart } from './epoch-chart.js';
import { rocChart } from './roc-chart.js';

/** Words in a chart, as a reader sees them. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

const LOSS = {
  title: 'Loss',
  curves: [
    { label: 'train', log: 'loss', color: 'blue' },
    { label: 'validation', log: 'val_loss', color: 'vermillion' },
  ],
  format: String,
} as const;

const twoClasses = twoClassReport().evaluations![0]!.evaluation;
const threeClasses = threeClassReport().evaluations![0]!.evaluation;

describe.each([
  ['class counts', () => classCountChart(threeClassReport().data!).text],
  ['class shares', () => classShareChart(twoClassReport().data!.splits[0]!, ['normal', 'pneumonia']).text],
  ['epochs', () => epochChart(twoClassReport().training!, LOSS).text],
  ['confusion matrix', () => confusionChart(threeClasses).text],
  ['ROC curve', () => rocChart(twoClasses, ROC).text],
])('the chart of %s', (_, draw) => {
  it('is one SVG that scales, describes itself and can stand beside others', () => {
    const svg = draw();
    expect(svg).toMatch(/^<svg role="img" aria-label="[^"]{20,}" [^>]*viewBox="0 0 \d+ \d+">/);
    expect(svg.match(/<svg /g)).toHaveLength(1);
    expect(svg).not.toMatch(/<style|<script| id="| class="|url\(|ecmeta|NaN/);
  });

  it('is the same every time', () => {
    expect(draw()).toBe(draw());
  });
});

describe('classCountChart', () => {
  it('writes every count and every split', () => {
    const texts = textsOf(classCountChart(threeClassReport().data!).text);
    for (const word of [
      '1,079',
      '2,031',
      '1,076',
      '270',
      '507',
      '269',
      '234',
      '242',
      '148',
      'train',
      'validation',
      'test',
    ]) {
      expect(texts).toContain(word);
    }
  });
});

describe('classShareChart', () => {
  it('writes the shares around and the size in the middle', () => {
    const texts = textsOf(
      classShareChart({ name: 'test', imageCounts: [234, 390] }, ['normal', 'pneumonia']).text,
    );
    expect(texts).toEqual(expect.arrayContaining(['37.5\u202f%', '62.5\u202f%', 'test', '624']));
  });

  it('draws an empty split without numbers', () => {
    const texts = textsOf(
      classShareChart({ name: 'test', imageCounts: [0, 0] }, ['normal', 'pneumonia']).text,
    );
    expect(texts).toEqual(['test', '0']);
  });
});

describe('epochChart', () => {
  it('counts epochs from 1 and marks the best one', () => {
    const texts = textsOf(epochChart(twoClassReport().training!, LOSS).text);
    expect(texts).toEqual(expect.arrayContaining(['1', '8', 'Epoch', 'best epoch 5', 'train', 'validation']));
  });

  it.each([1, 2, 13, 100])('draws %d epochs, numbers missing or not', (count) => {
    const epochs = Array.from({ length: count }, (_, epoch) => ({
      loss: 1 / (epoch + 1),
      val_loss: epoch === 0 ? 0.4 : null,
    }));
    const svg = epochChart({ epochs, bestEpoch: count - 1 }, LOSS).text;
    expect(textsOf(svg)).toContain(`best epoch ${count}`);
    expect(svg).not.toContain('NaN');
  });
});

describe('the axis of a flat curve', () => {
  it.each([
    [1.0981, 1.0938],
    [1.09862, 1.09847],
    [0.00001, 0.000012],
    [4000.1, 4000.3],
  ])('has another label at every line: %d to %d', (first, last) => {
    const report = {
      ...{ title: 'a', summary: 'b' },
      training: { epochs: [{ loss: first }, { loss: last }] },
    };
    const chart = /<figcaption>Loss<[\s\S]*?<\/svg>/.exec(createReport(report))![0];
    const labels = textsOf(chart)
      .filter((text) => /^[\d.e-]+$/.test(text))
      .slice(0, -2); // before those of the epochs
    expect(labels.length).toBeGreaterThan(2);
    expect(new Set(labels).size).toBe(labels.length);
    expect(Math.max(...labels.map((label) => label.length))).toBeLessThanOrEqual(8); // room on the left
  });
});

describe('confusionChart', () => {
  it('writes counts and shares of the true class', () => {
    const texts = textsOf(confusionChart(threeClasses).text);
    // 192 of 234, 230 of 242, 101 of 148
    expect(texts).toEqual(
      expect.arrayContaining([
        '192',
        '82.1\u202f%',
        '230',
        '95.0\u202f%',
        '101',
        '68.2\u202f%',
        'Predicted',
        'True',
      ]),
    );
    expect(texts.filter((text) => text === 'bacterial')).toHaveLength(2);
  });

  it('writes a dash for classes without images', () => {
    const texts = textsOf(
      confusionChart(
        sampleEvaluation(
          ['normal', 'pneumonia'],
          [
            [0, 0],
            [1, 3],
          ],
        ),
      ).text,
    );
    expect(texts.filter((text) => text === '–')).toHaveLength(2);
    expect(texts).toContain('75.0\u202f%');
  });

  it('shows class names as text, whatever they hold', () => {
    const svg = confusionChart(
      sampleEvaluation(
        ['<script>"', '{b|&}'],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).text;
    expect(svg).not.toContain('<script');
    expect(textsOf(svg)).toContain('&lt;script&gt;&quot;');
    expect(textsOf(svg)).toContain('{b|&amp;}');
  });
});

describe('rocChart', () => {
  it('writes the area with its interval and both operating points', () => {
    const texts = textsOf(rocChart(twoClasses, ROC).text);
    expect(texts).toEqual(
      expect.arrayContaining(['AUROC 0.962 (0.948–0.974)', 'threshold 0.712', 'threshold 0.5']),
    );
  });

  it('marks one point when the threshold is 0.5, none when it has no numbers', () => {
    const half = textsOf(rocChart({ ...twoClasses, threshold: 0.5 }, ROC).text);
    expect(half.filter((text) => text.startsWith('threshold'))).toEqual(['threshold 0.500']);
    const point = { sensitivity: null, specificity: null };
    const none = {
      ...twoClasses,
      ...point,
      atHalf: { ...twoClasses.atHalf, ...point },
      auroc: null,
      intervals: {},
    };
    expect(textsOf(rocChart(none, ROC).text).filter((text) => /threshold|AUROC/.test(text))).toEqual([
      'AUROC –',
    ]);
  });
});
