import { open } from 'node:fs/promises';

/** @internal A file of which more and more is read from the start on. */
export interface FileStart {
  /** Bytes. */
  readonly size: number;
  /** The first `count` bytes, or all there are. */
  read(count: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @internal Opens a file to read its start. What the file system says of it comes through. */
export async function openFileStart(file: string): Promise<FileStart> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    let known = new Uint8Array();
    return {
      size,
      async read(count) {
        const length = Math.min(count, size);
        if (length <= known.length) return known.subarray(0, length);
        const bytes = new Uint8Array(length);
        bytes.set(known);
        let at = known.length;
        while (at < length) {
          const { bytesRead } = await handle.read(bytes, at, length - at, at);
          if (bytesRead === 0) break; // it was cut meanwhile
          at += bytesRead;
        }
        known = bytes.subarray(0, at);
        return known;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
