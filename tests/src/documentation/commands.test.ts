import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runSource, runXray } from '../run-program.js';
import { codeBlocks } from './documents.js';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const packages = readdirSync(join(ROOT, 'packages'));
/** Programs of scripts beside `xray`. */
const SOURCES: Readonly<Record<string, string>> = {
  bench: 'bench/src/bench.ts',
  'xray-node-gpu': 'packages/xray-node-gpu/src/bin/xray-node-gpu.ts',
  ablation: 'research/src/ablation.ts',
  'pack-model': 'research/src/pack-model.ts',
  'docs:augmentations': 'research/src/augmentation-contact-sheet.ts',
};

/** A command line of the documentation, without its comment. */
const commands = codeBlocks('sh').flatMap(({ place, text }) =>
  text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => [place, line] as const),
);

const helps = new Map<string, Promise<string>>();
/** The help of a command of `xray`, or of another program; read once. */
function helpOf(program: string): Promise<string> {
  const known = helps.get(program);
  if (known) return known;
  const source = SOURCES[program];
  const ends = source
    ? [runSource(join(ROOT, source), program === 'xray-node-gpu' ? ['doctor', '--help'] : ['--help'])]
    : [runXray('--help', []), runXray(program, ['--help'])];
  const help = Promise.all(ends).then((all) => all.map(({ stdout }) => stdout).join('\n'));
  helps.set(program, help);
  return help;
}

/** What a command runs: a command of `xray`, another program, or nothing that has flags of ours. */
function programOf(line: string): string | undefined {
  const [, script, name] = /pnpm(?:@[\d.]+)? (?:run )?([\w:]+)(?: ([\w-]+))?/.exec(line) ?? [];
  if (/\bxray-node-gpu doctor\b|pnpm\S* devices\b/.test(line))
    return line.includes('xray-node-gpu') ? 'xray-node-gpu' : 'doctor';
  if (script === 'xray') return name;
  if (script === 'demo') return 'train';
  const [, command] = /^(?:npx )?xray(?:-cli)? ([a-z]+)/.exec(line) ?? [];
  return command ?? (script !== undefined && script in SOURCES ? script : undefined);
}

describe('commands in the documentation', () => {
  it.each(commands)('%s: %s', async (_, line) => {
    const script = /pnpm(?:@[\d.]+)? ([\w:]+)/.exec(line)?.[1];
    const ofPnpm = ['install', 'exec', 'changeset'];
    if (script && !ofPnpm.includes(script)) expect(Object.keys(scripts)).toContain(script);

    const program = programOf(line);
    if (program) {
      const help = await helpOf(program);
      for (const [flag] of line.matchAll(/(?<=\s)--[a-z][a-z-]*/g)) expect(help).toContain(flag);
    }
    for (const [name] of line.matchAll(/(?<=^npm install .*)\bxray-[a-z-]+/g))
      expect(packages).toContain(name);
    for (const [file] of line.matchAll(/(?:packages|tests|tools)\/[\w./-]+/g)) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });
});
