import { describe, expect, it } from 'vitest';
import { fileMatcher } from './match-files.js';

const find = (entry: string, files: readonly string[], others: readonly string[] = []) =>
  fileMatcher(files, [entry, ...others])(entry);

describe('fileMatcher', () => {
  it.each([
    ['a name', 'a.png', ['deep/a.png', 'b.png'], ['deep/a.png']],
    ['a name without its extension', 'a1', ['x/a1.dcm', 'a10.dcm'], ['x/a1.dcm']],
    ['a name with dots', '1.2.840.113', ['x/1.2.840.113.dcm'], ['x/1.2.840.113.dcm']],
    ['folders above the dataset', 'set/train/a.png', ['train/a.png', 'test/a.png'], ['train/a.png']],
    ['folders below it', './train/a.png', ['set/train/a.png', 'set/test/a.png'], ['set/train/a.png']],
    ['backslashes', 'train\\a.png', ['set/train/a.png', 'set/test/a.png'], ['set/train/a.png']],
    ['the whole path of one of two', 'x/a.png', ['x/a.png', 'copy/x/a.png'], ['x/a.png']],
    ['the longer end', 'set/x/a.png', ['a.png', 'x/a.png'], ['x/a.png']],
    ['two files', 'a.png', ['x/a.png', 'y/a.png'], ['x/a.png', 'y/a.png']],
    ['another folder', 'train/a.png', ['set/test/a.png'], []],
    ['an end of a name', 'a.png', ['ba.png'], []],
    ['composed and decomposed letters', 'Caf\u00e9/a.png', ['Cafe\u0301/a.png'], ['Cafe\u0301/a.png']],
    ['decomposed and composed letters', 'Cafe\u0301.png', ['x/Caf\u00e9.png'], ['x/Caf\u00e9.png']],
  ])('finds %s', (_, entry, files, expected) => {
    expect(find(entry, files)).toEqual(expected);
  });

  it.each([
    ['/home/a/set/train/NORMAL/1.png', '/home/a/set/test/NORMAL/1.png'],
    ['C:\\Users\\a\\set\\train\\NORMAL\\1.png', 'C:\\Users\\a\\set\\test\\NORMAL\\1.png'],
    ['\\\\server\\set\\train\\NORMAL\\1.png', '\\\\server\\set\\test\\NORMAL\\1.png'],
  ])('takes absolute paths of another machine: %s', (entry, other) => {
    const moved = ['chest/train/NORMAL/1.png', 'chest/test/NORMAL/1.png'];
    expect(find(entry, moved, [other])).toEqual([moved[0]]);
    expect(find(entry, [moved[1]!], [other])).toEqual([]); // never the one of the other side
  });

  it('takes time that grows with the files, not with their square, however many have one name', () => {
    const paths = Array.from({ length: 60_000 }, (_, at) => `train/patient${at}/study1/view1_frontal.jpg`);
    const entries = paths.map((path) => `CheXpert-v1.0-small/${path}`);
    const match = fileMatcher(paths, entries);
    expect(entries.every((entry, at) => match(entry)[0] === paths[at])).toBe(true); // square: over the time limit
  });
});
