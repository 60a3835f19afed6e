import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluatePredictionsFile } from './evaluate-predictions-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-predictions-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
/** Scores 0 to 0.9 of ten patients with two images each; ill from 0.4 up, but for one mistake. */
const rows = Array.from({ length: 20 }, (_, index) => {
  const score = (index >> 1) / 10;
  return [`${index}.png`, `p${index >> 1}`, Number(score >= 0.4) ^ Number(index === 4), score] as const;
});

describe('evaluatePredictionsFile', () => {
  it('measures a table of another program, with patients, at a threshold from validation', async () => {
    await writeFile(
      file('other.csv'),
      ['image;subject;truth;score', ...rows.map((row) => row.join(';'))].join('\n'),
    );
    const columns = { id: 'image', label: 'truth', patient: 'subject', probabilities: 'score' };
    const given = { predictions: file('other.csv'), columns, classNames: ['normal', 'pneumonia'] };
    const half = await evaluatePredictionsFile({ ...given, output: file('half') });
    expect(half.evaluation).toMatchObject({ sampleCount: 20, patientCount: 10, threshold: 0.5 });
    expect(half.evaluation.sensitivity).toBe(10 / 13); // of 13 ill images those from 0.5 up
    const chosen = await evaluatePredictionsFile({
      ...given,
      output: file('chosen'),
      validation: file('other.csv'),
    });
    expect(chosen.evaluation).toMatchObject({ thresholdRule: 'youden', thresholdFrom: 'validation' });
    expect(chosen.evaluation.sensitivity).toBe(12 / 13);
    expect(await readFile(file('chosen/report.html'), 'utf8')).toContain('20 images of 10 patients');
    // What it writes, it reads.
    const again = await evaluatePredictionsFile({
      predictions: file('chosen/predictions.csv'),
      output: file('again'),
    });
    expect(again.evaluation.intervals).toEqual(half.evaluation.intervals);
  });

  it('says what is wrong', async () => {
    const output = file('never');
    const none = evaluatePredictionsFile({ predictions: file('nothing.csv'), output });
    await expect(none).rejects.toThrow(/nothing\.csv: could not be read/);
    await writeFile(file('wrong.csv'), 'id,label,p_a,p_b\nx,c,0.5,0.5\n');
    const wrong = evaluatePredictionsFile({ predictions: file('wrong.csv'), output });
    await expect(wrong).rejects.toThrow(/wrong\.csv: has the label "c" in row 2/);
  });
});
