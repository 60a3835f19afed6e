import { describe, expect, it } from 'vitest';
import { readKaggleName, readMendeleyName } from './file-name.js';

describe('readKaggleName', () => {
  it.each([
    ['IM-0115-0001.jpeg', 'normal', 'normal-115'],
    ['IM-0640-0001-0001.jpeg', 'normal', 'normal-640'],
    ['NORMAL2-IM-0449-0001.jpeg', 'normal', 'normal2-449'],
    ['NORMAL2-IM-0449-0001-0002.JPG', 'normal', 'normal2-449'],
    ['IM-0449-0001.png', 'normal', 'normal-449'], // not the patient of NORMAL2-IM-0449
    ['person1_bacteria_2.jpeg', 'bacterial', 'bacterial-1'],
    ['person1_virus_6.jpeg', 'viral', 'viral-1'], // not the patient of person1_bacteria
    ['person447_virus_921_1.jpeg', 'viral', 'viral-447'],
  ])('%s is %s of patient %s', (fileName, finding, patientId) => {
    expect(readKaggleName(fileName)).toEqual({ finding, patientId });
  });

  it.each([
    'person_bacteria_2.jpeg',
    'NORMAL-1049278-0001.jpeg',
    'IM-0115.jpeg',
    'IM-0115-0001 copy.jpeg',
    'a.png',
  ])('does not know %s', (fileName) => {
    expect(readKaggleName(fileName)).toBeUndefined();
  });
});

describe('readMendeleyName', () => {
  it.each([
    ['NORMAL-1049278-0001.jpeg', 'normal', 'normal-1049278'],
    ['BACTERIA-1008087-0002.jpeg', 'bacterial', 'bacterial-1008087'],
    ['VIRUS-1040450-0001.jpeg', 'viral', 'viral-1040450'],
  ])('%s is %s of patient %s', (fileName, finding, patientId) => {
    expect(readMendeleyName(fileName)).toEqual({ finding, patientId });
  });

  it.each(['IM-0115-0001.jpeg', 'NORMAL2-IM-0449-0001.jpeg', 'FUNGUS-1-1.jpeg', 'VIRUS-1040450.jpeg'])(
    'does not know %s',
    (fileName) => {
      expect(readMendeleyName(fileName)).toBeUndefined();
    },
  );
});
