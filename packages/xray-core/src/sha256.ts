import { XrayError } from './errors.js';

/**
 * SHA-256 of bytes as lower-case hexadecimal, in Node and in browsers.
 *
 * @param bytes - Also over a SharedArrayBuffer (copied then, because WebCrypto refuses shared memory).
 * @throws {XrayError} `no-web-crypto` on a page that is neither HTTPS nor localhost.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new XrayError(
      'no-web-crypto',
      'Checksums need WebCrypto, which browsers offer on HTTPS and localhost only. Serve the page from there.',
    );
  }
  const plain =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', plain));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
