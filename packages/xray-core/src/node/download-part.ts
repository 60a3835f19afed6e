import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.js';
import { claimWorkFolder, releaseWorkFolder } from './work-folder.js';

/** @internal Where unfinished content came from: it is continued only from there, and only if it did not change. */
export interface PartSource {
  readonly url: string;
  /** Strong ETag or date of the last change, as the server sent it. */
  readonly validator?: string | undefined;
}

/** @internal An unfinished download that belongs to this call alone. */
export interface DownloadPart {
  /** File for the content; may be missing. */
  readonly content: string;
  /** Bytes of content. */
  size(): Promise<number>;
  /** Of the content that is there. */
  source(): Promise<PartSource | undefined>;
  /** Drops the content, to begin anew from `source`. */
  restart(source?: PartSource): Promise<void>;
  /** Leaves the content, if there is any, for a later call. */
  release(): Promise<void>;
}

const PURPOSE = 'part';

/** @internal Takes over what an earlier call left of a download, or begins a new one. */
export async function claimPart(file: string): Promise<DownloadPart> {
  const folder = await claimWorkFolder(file, PURPOSE);
  const content = join(folder, 'content');
  const sourceFile = join(folder, 'source.json');
  const size = async () => (await stat(content).catch(() => undefined))?.size ?? 0;
  return {
    content,
    size,
    async source() {
      try {
        return JSON.parse(await readFile(sourceFile, 'utf8')) as PartSource;
      } catch {
        return undefined; // killed before it was written
      }
    },
    async restart(source) {
      await rm(sourceFile, { force: true });
      await rm(content, { force: true });
      if (source) await writeFileAtomic(sourceFile, JSON.stringify(source));
    },
    async release() {
      if ((await size()) === 0) await rm(folder, { recursive: true, force: true });
      else await releaseWorkFolder(folder, file, PURPOSE);
    },
  };
}
