import { describe, expect, it } from 'vitest';
import { DOCUMENTS, readDocument } from './documents.js';

describe('documentation', () => {
  it('says in every README and about every result that this is no medical device', () => {
    for (const document of DOCUMENTS.filter((name) => /README|study|results|adding/.test(name))) {
      expect(readDocument(document), document).toMatch(/research only, not a medical device/i);
    }
  });
});
