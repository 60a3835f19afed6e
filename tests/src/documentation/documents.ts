import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-program.js';

/** A fenced block of code in a document. */
export interface CodeBlock {
  /** Document and line, for messages. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** Every Markdown file that people read: at the root, in `docs`, and the READMEs of packages and examples. */
export const DOCUMENTS: readonly string[] = [
  ...readdirSync(ROOT),
  ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`),
  ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`),
  'examples/use-in-your-project/README.md',
].filter((file) => file.endsWith('.md'));

export const readDocument = (document: string) => readFileSync(join(ROOT, document), 'utf8');

/** All blocks of a language, in all documents. */
export function codeBlocks(language: string): CodeBlock[] {
  return DOCUMENTS.flatMap((document) => {
    const text = readDocument(document);
    return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map((match) => ({
      place: `${document}:${text.slice(0, match.index).split('\n').length}`,
      language: match[1]!,
      text: match[2]!,
    }));
  }).filter((block) => block.language === language);
}
