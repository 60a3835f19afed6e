import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FileError } from './errors.js';
import { readZip } from './read-zip.js';

const archive = zipSync({
  'config.json': strToU8('{"class_name":"Functional"}'),
  'stored.bin': [Uint8Array.of(1, 2, 3), { level: 0 }],
});

describe('readZip', () => {
  it('gives the files by name, compressed or not', () => {
    const files = readZip(archive, 'model.keras');
    expect([...files.keys()]).toEqual(['config.json', 'stored.bin']);
    expect(new TextDecoder().decode(files.get('config.json'))).toBe('{"class_name":"Functional"}');
    expect([...files.get('stored.bin')!]).toEqual([1, 2, 3]);
  });

  it('notices truncation at every length', () => {
    for (let length = 0; length < archive.length; length++)
      expect(() => readZip(archive.subarray(0, length), 'model.keras'), `${length} bytes`).toThrow(FileError);
  });

  it('notices a changed byte and says in which file', () => {
    const at = archive.findIndex(
      (byte, index) => byte === 1 && archive[index + 1] === 2 && archive[index + 2] === 3,
    );
    const changed = archive.slice();
    changed[at + 1] = 9;
    expect(() => readZip(changed, 'model.keras')).toThrow(
      'model.keras: is corrupt (stored.bin does not match its checksum).',
    );
  });
});
