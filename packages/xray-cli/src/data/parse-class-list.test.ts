import { describe, expect, it } from 'vitest';
import { labelOf } from 'xray-core';
import { parseClassList } from './parse-class-list.js';

describe('parseClassList', () => {
  it('names classes in order, and the folders and cells they cover, in any case', () => {
    const classes = parseClassList('normal=NORMAL, pneumonia=PNEUMONIA+COVID,tuberculosis=Viral Pneumonia');
    expect(classes.names).toEqual(['normal', 'pneumonia', 'tuberculosis']);
    const labels = ['normal', 'NORMAL', 'covid', 'COVID', 'pneumonia', 'viral pneumonia'];
    expect(labels.map((finding) => labelOf(classes, finding))).toEqual([0, 0, 1, 1, 1, 2]);
  });

  it('lets pneumonia cover its causes, unless they have classes of their own', () => {
    const two = parseClassList('well=NORMAL,ill=PNEUMONIA');
    expect(['bacterial', 'viral'].map((finding) => labelOf(two, finding))).toEqual([1, 1]);
    const three = parseClassList('well=normal,ill=pneumonia,virus=viral');
    expect(['bacterial', 'viral'].map((finding) => labelOf(three, finding))).toEqual([1, 2]);
  });

  it.each([
    ['normal', 'classes with their findings'],
    ['normal=,pneumonia=b', 'classes with their findings'],
    ['normal=a+,pneumonia=b', 'classes with their findings'],
    ['normal=a', 'two or more different classes'],
    ['normal=a,normal=b', 'two or more different classes'],
    ['normal=a,pneumonia=b+A', 'not a in normal and pneumonia'],
  ])('refuses %s', (text, expected) => {
    expect(() => parseClassList(text)).toThrow(expected);
  });
});
