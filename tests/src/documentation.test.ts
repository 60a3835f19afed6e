import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './run-program.js';

const documents = [
  ...readdirSync(ROOT),
  ...readdirSync(join(ROOT, 'docs')).map((file) => join('docs', file)),
  ...readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name, 'README.md')),
]
  .filter((file) => file.endsWith('.md'))
  .map((file) => join(ROOT, file));

describe('documentation', () => {
  it.each(documents.map((file) => relative(ROOT, file)))('%s links to files that exist', (document) => {
    const file = join(ROOT, document);
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const local = links.filter((link) => !/^(https?:|#)/.test(link)).map((link) => link.split('#')[0]!);

    expect(local.filter((link) => !existsSync(join(dirname(file), link)))).toEqual([]);
  });

  it('says in every README that this is no medical device', () => {
    for (const file of documents.filter((name) => name.endsWith('README.md'))) {
      expect(readFileSync(file, 'utf8'), file).toMatch(/research only, not a medical device/i);
    }
  });
});
