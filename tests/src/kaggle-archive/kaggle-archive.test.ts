import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, runInTerminal, runXray } from '../run-program.js';
import { kaggleNames, writeKaggleArchive } from './kaggle-archive.js';

const NAMES = kaggleNames(30);
const OFFICIAL = join(ROOT, '..', 'shared', 'data', 'kaggle_file_names.txt');
if (!existsSync(OFFICIAL)) console.warn(`Skipped: ${OFFICIAL} is not there.`);

/** Small enough for seconds; the sizes are the smallest that the networks take. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  audit: [],
  'cnn-2-classes': ['--image-size', '32', '--epochs', '1', '--workers', '1'],
  'cnn-3-classes': ['--image-size', '190', '--epochs', '1', '--limit', '24', '--workers', '1'],
  'cnn-transfer': ['--image-size', '190', '--epochs', '1', '--limit', '24', '--workers', '1'],
  'inception-v3': ['--image-size', '75', '--epochs', '1', '--limit', '12', '--workers', '1'],
  robust: ['--image-size', '64', '--epochs', '1', '--workers', '1'],
  evaluate: ['--on', 'test', '--workers', '1'],
};

/** The commands of the README that work on `./chest_xray`, in their order, by command or recipe. */
const commands = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^npx -y pnpm\S* xray (.*)$/gm)]
  .map(([, command]) =>
    command!
      .replace(/\s+#.*/, '')
      .replaceAll(/<([^>]*)>/g, (all) => all.replaceAll(' ', '-'))
      .split(/\s+/),
  )
  .filter((command) => command.some((word) => /^\.\/(chest_xray|other_folder)$/.test(word)))
  .map(([command, ...flags]) => ({ command: command!, flags, program: programOf(command!, flags) }));

/** The recipe of a training; the command itself for others. */
function programOf(command: string, flags: readonly string[]): string {
  if (command !== 'train') return command;
  const at = flags.indexOf('--recipe');
  return at < 0 ? 'robust' : flags[at + 1]!;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-kaggle-'));
  await writeKaggleArchive(join(folder, 'archive'), NAMES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (program: string) => join(folder, 'runs', program);
const json = async (...path: string[]) => JSON.parse(await readFile(join(folder, 'runs', ...path), 'utf8'));

/** A command of the README, with the folders that are here. Weights would have to be downloaded, so there are none. */
const here = ({ flags, program }: (typeof commands)[number]) => [
  ...flags
    .join(' ')
    .replace(/ ?--weights \S+/, '')
    .replace(/\.\/(chest_xray|other_folder)/, join(folder, 'archive', 'chest_xray'))
    .replace(/runs\/<run-of-([\w-]+)>/, (_, of: string) => run(of))
    .replace('runs/<run>', run('cnn-2-classes'))
    .split(' '),
  ...SMALL[program]!,
  ...['--output', run(program)],
];

describe('the archive of Kaggle, as it unpacks', () => {
  it('is what the README works on, with every program', () => {
    const programs = commands.map(({ program }) => program);
    expect(programs.toSorted()).toEqual(Object.keys(SMALL).sort()); // a new one needs small settings
  });

  it.each(commands)('goes through $program by the command of the README', async (command) => {
    const { program } = command;
    const { code, stderr } = await runInTerminal(command.command, here(command));
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`${NAMES.length} images of a second copy in chest_xray were left out.`);
    expect(stderr).not.toContain('atients unknown');
    expect(existsSync(join(run(program), program === 'audit' ? 'audit.html' : 'report.html'))).toBe(true);
  });

  it('keeps its sides and its patients', async () => {
    const { sides, sharedPatients } = await json('cnn-2-classes', 'split.json');
    expect(sides.test).toEqual(NAMES.filter((name) => name.startsWith('test/')).sort());
    expect([...sides.train, ...sides.validation].sort()).toEqual(
      NAMES.filter((name) => !name.startsWith('test/')).sort(),
    );
    expect(sharedPatients).toBeUndefined();
    const { patients } = await json('cnn-2-classes', 'run.json');
    const keys = NAMES.map((name) => /((NORMAL2-)?IM-\d+|person\d+_[a-z]+)/.exec(name)![0]);
    expect(patients).toBe(new Set(keys).size);
    expect((await json('audit', 'audit.json')).patientCount).toBe(patients);
    expect((await json('evaluate', 'evaluation.json')).sampleCount).toBe(sides.test.length);
  });

  it('is found in its parent folder, too', async () => {
    const end = await runXray('audit', [
      ...['--data', join(folder, 'archive'), '--output', join(folder, 'runs', 'parent')],
    ]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain('images of a second copy in chest_xray/chest_xray were left out.');
    expect((await json('parent', 'audit.json')).imageCount).toBe(NAMES.length);
  });

  it.skipIf(!existsSync(OFFICIAL))('trains on all official names', async () => {
    const names = readFileSync(OFFICIAL, 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((name) => name.replace('chest_xray/', ''));
    await writeKaggleArchive(join(folder, 'official'), names);
    const flags = [
      '--data',
      join(folder, 'official'),
      ...SMALL['cnn-2-classes']!,
      '--output',
      run('official'),
    ];
    const { code, stderr } = await runXray('train --recipe cnn-2-classes', flags);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('5840 images of 4082 patients in official (kaggle layout).');
    const { sides } = await json('official', 'split.json');
    expect([sides.train.length + sides.validation.length, sides.test.length]).toEqual([5216, 624]);
  });
});
