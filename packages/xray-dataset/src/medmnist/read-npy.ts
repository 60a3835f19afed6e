import { FileError } from 'xray-core';

/** @internal An array of bytes, last axis fastest. */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const MAGIC = '\x93NUMPY';

/**
 * @internal Reads NumPy's `.npy` format, versions 1 to 3, for uint8.
 *
 * @throws {FileError} If it is no such file, has another type or order of axes, or another length than its shape says.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array, name: string): ByteArray {
  const fail = (problem: string) => new FileError({ file: name, problem });
  const text = (from: number, to: number) => new TextDecoder('latin1').decode(bytes.subarray(from, to));
  // The decoder's latin1 is windows-1252, where 0x93 is a quotation mark.
  if (bytes.length < 12 || bytes[0] !== MAGIC.charCodeAt(0) || text(1, 6) !== MAGIC.slice(1))
    throw fail('is no NumPy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirstVersion = bytes[6] === 1;
  const headerAt = isFirstVersion ? 10 : 12;
  const dataAt = headerAt + (isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = text(headerAt, dataAt);
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/
    .exec(header)?.[1]
    ?.split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  if (type === undefined || shape === undefined) throw fail('has a header that cannot be read');
  if (type !== '|u1') throw fail(`has numbers of type ${type}, expected uint8 (|u1)`);
  if (!/'fortran_order':\s*False/.test(header)) throw fail('has its first axis fastest, expected the last');
  const values = bytes.subarray(dataAt);
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length !== count)
    throw fail(`has ${values.length} numbers, expected ${shape.join(' x ')} = ${count}`);
  return { shape, values };
}
