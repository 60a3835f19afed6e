import type { Dataset, Group } from 'h5wasm';
import { FileError, XrayError } from 'xray-core';
import type { FileBytes } from '../weights/file-bytes.js';
import type { StoredWeight } from '../weights/layer-weights.js';

let fileCount = 0;

/**
 * Opens an HDF5 file in memory and closes it when `read` has returned.
 *
 * @throws {FileError} If it is truncated or corrupt, as soon as `read` touches what is missing.
 */
export async function withHdf5<T>({ name, bytes }: FileBytes, read: (root: Group) => T): Promise<T> {
  const hdf5 = await import('h5wasm'); // 4 MB, so only for those who read such files
  const module = await hdf5.ready;
  // Otherwise the library prints its errors and goes on.
  (module as unknown as { activate_throwing_error_handler(): void }).activate_throwing_error_handler();
  const path = `/xray-${++fileCount}.h5`;
  const { FS } = module as unknown as { FS: MemoryFiles };
  FS.writeFile(path, bytes, { canOwn: true }); // no copy: it is only read
  let file: InstanceType<typeof hdf5.File> | undefined;
  try {
    file = new hdf5.File(path, 'r');
    return read(file);
  } catch (error) {
    if (XrayError.isInstance(error)) throw error;
    const fix = 'Copy or download it again.';
    throw new FileError({ file: name, problem: 'is a truncated or corrupt HDF5 file', fix, cause: error });
  } finally {
    file?.close();
    FS.unlink(path);
  }
}

interface MemoryFiles {
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
  unlink(path: string): void;
}

/** A group within a group, if there is one of that name. */
export function groupIn(group: Group, name: string): Group | undefined {
  if (!group.keys().includes(name)) return undefined;
  const found = group.get(name);
  return isGroup(found) ? found : undefined;
}

/** The groups within a group by name. */
export function groupsIn(group: Group): [string, Group][] {
  return group.keys().flatMap((name) => {
    const found = groupIn(group, name);
    return found ? [[name, found] as [string, Group]] : [];
  });
}

function isGroup(entity: unknown): entity is Group {
  return (entity as { type?: string | undefined } | null)?.type === 'Group';
}

/** A text attribute, if there is one of that name. */
export function textAttribute(group: Group, name: string): string | undefined {
  const value = group.attrs[name]?.value;
  return typeof value === 'string' ? value : undefined;
}

/**
 * An attribute with a list of texts; Keras cuts long ones into `name0`, `name1` and so on.
 *
 * @returns Nothing if there is no such attribute.
 */
export function textListAttribute(group: Group, name: string): string[] | undefined {
  const { attrs } = group;
  const listOf = (key: string) => Array.from((attrs[key]!.value ?? []) as ArrayLike<string>);
  if (name in attrs) return listOf(name);
  if (!(`${name}0` in attrs)) return undefined;
  const texts: string[] = [];
  for (let part = 0; `${name}${part}` in attrs; part++) texts.push(...listOf(`${name}${part}`));
  return texts;
}

/**
 * Reads a dataset as float32.
 *
 * @param name - What the weight is called within its layer.
 * @throws {FileError} If it is absent or holds something else than floating-point numbers of 32 or 64 bits.
 */
export function readWeight(group: Group, path: string, name: string, file: string): StoredWeight {
  const dataset = group.get(path);
  const where = `${group.path}/${path}`.replaceAll('//', '/');
  if ((dataset as { type?: string | undefined } | null)?.type !== 'Dataset')
    throw new FileError({ file, problem: `has no weights at ${where}`, fix: 'Save it again.' });
  const { value, shape, dtype, attrs } = dataset as Dataset;
  // A single number comes without an array around it.
  const isNumber = typeof value === 'number' && /^[<>][fd]$/.test(String(dtype));
  const numbers = isNumber ? Float64Array.of(value) : value;
  const isKnown = (numbers instanceof Float32Array || numbers instanceof Float64Array) && !('dtype' in attrs);
  if (!isKnown) {
    const type = attrs.dtype?.value ?? dtype;
    throw new FileError({
      file,
      problem: `has weights of type ${type} at ${where}, expected float32`,
      fix: 'Save the model with the dtype policy float32 or mixed_float16.',
    });
  }
  const values = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  return { name, shape: shape ?? [], values };
}
