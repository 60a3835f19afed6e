import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { rootCommand } from '../commands/root-command.js';
import { completionScript } from './completion.js';

const script = completionScript(rootCommand(), 'bash');
/** What bash would offer for the last of these words. */
const offered = (...words: string[]) => {
  const line = words.map((word) => `"${word}"`).join(' ');
  const call = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _xray; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', `${script}\n${call}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
};

describe.skipIf(process.platform === 'win32')('completion in bash', () => {
  it('offers commands, flags and choices', () => {
    expect(offered('xray', 'ev')).toEqual(['evaluate']);
    expect(offered('xray', 'train', '--fine-tune-l')).toEqual(['--fine-tune-learning-rate']);
    expect(offered('xray', 'predict', '--format', '')).toEqual(['csv', 'jsonl', 'table']);
    expect(offered('xray', 'recipes', 's')).toEqual(['show', 'schema']);
    expect(offered('xray', 'predict', 'scan')).toEqual(['']); // files, by the shell itself
  });
});

it('is written for zsh and fish, too', () => {
  expect(completionScript(rootCommand(), 'zsh')).toContain('bashcompinit');
  const fish = completionScript(rootCommand(), 'fish');
  expect(fish).toMatch(/^complete -c xray -n __fish_use_subcommand -a train -d 'Trains and evaluates/m);
  expect(fish).toMatch(/seen_subcommand_from predict' -l format -xa 'csv jsonl table'/);
  const quotes = (line: string) => [...line.replaceAll("\\'", '').matchAll(/'/g)].length % 2;
  expect(fish.split('\n').filter(quotes)).toEqual([]);
});
