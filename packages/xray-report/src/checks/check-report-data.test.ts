import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from 'xray-core';
import { PIXEL, threeClassReport, twoClassReport } from '../__fixtures__/sample-report.js';
import type { ReportData } from '../report-data.js';
import { checkReportData } from './check-report-data.js';

/** A copy of a whole report with one field set, by its path without `report.`. */
function reportWith(path: string, value: unknown): ReportData {
  const report = structuredClone(twoClassReport());
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop()!;
  const holder = keys.reduce(
    (node, key) => node[key] as Record<string, unknown>,
    report as unknown as Record<string, unknown>,
  );
  holder[last] = value;
  return report;
}

describe('checkReportData', () => {
  it('accepts whole reports, also after a round trip through JSON', () => {
    for (const report of [twoClassReport(), threeClassReport()]) {
      expect(() => checkReportData(report)).not.toThrow();
      expect(() => checkReportData(JSON.parse(JSON.stringify(report)))).not.toThrow();
    }
  });

  it('accepts the least there can be', () => {
    expect(() => checkReportData({ title: 'a', summary: 'b' })).not.toThrow();
  });

  it.each([
    ['title', '', /a string that is not empty\. Received: ""/],
    ['notes', 'skipped', /an array\. Received: "skipped"/],
    ['notes[0].kind', 'error', /one of "info", "warning"\. Received: "error"/],
    ['data.classNames', ['normal'], /an array with at least 2 items/],
    ['data.splits', [], /an array with at least 1 item\./],
    [
      'data.splits[1].imageCounts',
      [1, 2, 3],
      /one count for each of the 2 class names\. Received: \[1,2,3\]/,
    ],
    ['data.splits[1].imageCounts[0]', -1, /an integer of at least 0/],
    ['data.splits[2].name', 'train', /different from the names before it\. Received: "train"/],
    ['data.samples[0].beforeSize', [224], /\[height, width\] in pixels/],
    ['data.samples[0].before', 'https://example.org/a.png', /data URI of a PNG.*Embed the image/],
    ['data.samples[0].after', 'data:text/html;base64,PHNjcmlwdD4=', /data URI of a PNG/],
    ['data.samples[0].after', 'data:image/png;base64,"onerror="alert(1)', /data URI of a PNG/],
    ['mistakes[1].image', `${PIXEL}" onload="x`, /data URI of a PNG/],
    ['mistakes[1].probability', 1.01, /a number in \[0, 1\]\. Received: 1.01/],
    ['model.layers', [], /at least 1 item/],
    ['model.layers[0].outputShape[1]', 0, /an integer of at least 1/],
    ['model.layers[0].trainableParameters', 897, /at most `parameters` \(896\)\. Received: 897/],
    ['audit.audit.exactDuplicates[0].ids', ['a'], /an array with at least 2 items/],
    ['audit.audit.suspicious[0].kind', 'odd', /one of "blank", "tiny"/],
    ['audit.audit.limits.tiny', Number.NaN, /a finite number/],
    ['audit.thumbnails["blank"]', 'https://example.org/a.png', /data URI of a PNG/],
    ['training.epochs', [], /at least 1 item/],
    ['training.epochs[2]["loss"]', Number.NaN, /a finite number\. Received: NaN\. Pass null/],
    ['training.bestEpoch', 8, /below the number of epochs \(8\)\. Received: 8\. Epochs count from 0/],
    ['evaluations[0].roc.truePositiveRate', [0, 1], /as long as falsePositiveRate \(101\)/],
    ['evaluations[0].roc.falsePositiveRate[3]', 1.5, /a number in \[0, 1\]/],
    ['evaluations[1].name', 'test', /different from the names before it/],
    ['evaluations[0].evaluation.auroc', Number.NaN, /a number in \[0, 1\]\. Received: NaN\. Pass null/],
    ['evaluations[0].evaluation.confusionMatrix', [[1, 2]], /one row for each of the 2 class names/],
    ['evaluations[0].evaluation.confusionMatrix[1]', [1], /one number for each of the 2 class names/],
    ['evaluations[0].evaluation.perClass', [], /one entry for each of the 2 class names/],
    ['evaluations[0].evaluation.atHalf.mcc', -2, /a number in \[-1, 1\]/],
    ['evaluations[0].evaluation.intervals["auroc"]', [0.9, 0.8], /an interval \[low, high\]/],
    ['run["seed"]', Number.POSITIVE_INFINITY, /a finite number/],
    ['run["started"]', () => 0, /a JSON value/],
    // Objects that JSON would write as something else.
    ['run["started"]', new Date(0), /a JSON value\. Received: .*1970.* convert it to text/],
    ['run["scores"]', Float32Array.of(1), /a JSON value/],
    ['run["counts"]', new Map([['a', 1]]), /a JSON value/],
  ])('names %s', (path, value, words) => {
    const report = reportWith(path.replaceAll('"', ''), value);
    const error = catchError(() => checkReportData(report));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as InvalidArgumentError).argument).toBe(`report.${path}`);
    expect((error as Error).message).toMatch(words);
  });
});

function catchError(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
