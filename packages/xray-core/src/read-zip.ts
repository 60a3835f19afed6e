import { unzipSync } from 'fflate';
import { FileError } from './errors.js';

/**
 * Files of a zip archive by name, each checked against its CRC-32, which fflate leaves to the caller.
 *
 * @throws {FileError} If it is no zip archive, truncated or corrupt.
 */
export function readZip(bytes: Uint8Array, name: string): ReadonlyMap<string, Uint8Array> {
  let files: Record<string, Uint8Array>;
  let checksums: ReadonlyMap<string, number>;
  try {
    checksums = readChecksums(bytes);
    files = unzipSync(bytes);
  } catch (error) {
    throw new FileError({ file: name, problem: 'is no zip archive, truncated or corrupt', cause: error });
  }
  for (const [path, content] of Object.entries(files)) {
    if (crc32(content) !== checksums.get(path))
      throw new FileError({ file: name, problem: `is corrupt (${path} does not match its checksum)` });
  }
  return new Map(Object.entries(files));
}

/** From the archive's directory, at its end. */
function readChecksums(bytes: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.byteLength - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end--; // a comment may follow; throws before the first byte
  const checksums = new Map<string, number>();
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const nameEnd = entry + 46 + view.getUint16(entry + 28, true);
    const path = new TextDecoder().decode(bytes.subarray(entry + 46, nameEnd));
    checksums.set(path, view.getUint32(entry + 16, true));
    entry = nameEnd + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return checksums;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let at = 0; at < bytes.length; at++) crc = CRC_TABLE[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
