import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileError, XrayError } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';

/** A folder that holds everything about one run. Every file is written atomically. */
export interface RunFolder {
  /** Absolute path. */
  readonly path: string;
  /** Path of a file or folder in it. */
  file(name: string): string;
  writeJson(name: string, value: unknown): Promise<void>;
  writeText(name: string, text: string): Promise<void>;
  /** Deletes a file or folder in it, if there is one. */
  remove(name: string): Promise<void>;
}

/** What makes two runs the same one: options, device, data. Resuming with other ones is refused. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;

/** What `run.json` holds from the start of a run. */
interface StartedRun {
  readonly status: 'running' | 'finished';
  readonly started: string;
  readonly settings: RunSettings;
}

/** A run folder that was looked at, with nothing written yet. */
export interface PlannedRun {
  /**
   * Creates the folder with its `run.json`, or goes on with the run in it.
   *
   * @throws {FileError} If it cannot be written.
   * @throws {XrayError} `resume-mismatch` if the run in it was made with other settings.
   */
  start(facts: {
    readonly settings: RunSettings;
    /** Kept in `run.json`, for going on with the run. */
    readonly request?: unknown;
  }): Promise<{ folder: RunFolder; started: string }>;
}

/**
 * Checks early that an output folder can take a run; it is created by `start`, so that a mistake in the other
 * flags leaves nothing behind.
 *
 * @throws {FileError} If it holds files already and `resume` is not set, or holds no run to resume, or is no folder.
 */
export async function planRun(output: string, options: { resume: boolean }): Promise<PlannedRun> {
  const path = resolve(output);
  const file = (name: string) => join(path, name);
  const entries = await listFolder(path);
  if (entries.length > 0 && !options.resume) {
    throw new FileError({
      file: path,
      problem: 'is not empty',
      fix: 'Choose another `--output`, or add `--resume` to go on with a training run in it.',
    });
  }
  const previous = options.resume ? await readRun(file('run.json')) : undefined;
  const folder: RunFolder = {
    path,
    file,
    writeJson: (name, value) => writeFileAtomic(file(name), `${JSON.stringify(value, null, 2)}\n`),
    writeText: (name, text) => writeFileAtomic(file(name), text),
    remove: (name) => rm(file(name), { recursive: true, force: true }),
  };
  return {
    async start({ settings, request }) {
      if (previous) checkSettings(file('run.json'), previous.settings, settings);
      const started = previous?.started ?? new Date().toISOString();
      await folder.writeJson('run.json', { ...previous, status: 'running', started, settings, request });
      return { folder, started };
    },
  };
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return [];
    throw new FileError({
      file: path,
      problem: `cannot be used as a run folder (${code})`,
      fix: 'A part of the path is a file, or may not be read. Choose another `--output`.',
      cause: error,
    });
  }
}

async function readRun(file: string): Promise<StartedRun> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new FileError({
      file,
      problem: 'does not exist, so there is no run to resume',
      fix: 'Check `--output`, or leave out `--resume` to start a new run.',
      cause: error,
    });
  }
  try {
    const run = JSON.parse(text) as StartedRun;
    if (typeof run.settings === 'object') return run;
  } catch {
    // falls through to the one error for both cases
  }
  throw new FileError({ file, problem: 'is damaged', fix: 'Choose another `--output`.' });
}

function checkSettings(file: string, saved: RunSettings, settings: RunSettings): void {
  const differences = Object.keys(settings)
    .filter((name) => saved[name] !== settings[name])
    .map((name) => `${name} was ${saved[name]} and is now ${settings[name]}`);
  if (differences.length > 0) {
    throw new XrayError(
      'resume-mismatch',
      `${file}: the run was made with other settings: ${differences.join('; ')}. Resume with the first ones, or choose another \`--output\`.`,
    );
  }
}
