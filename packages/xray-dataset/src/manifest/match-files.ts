/** Extensions as image files have them; what follows a dot in a name is often none, as in DICOM identifiers. */
const EXTENSION = /\.[a-z]{2,5}$/i;

/** `/data/a.png`, `C:\data\a.png` and `\\server\data\a.png`. */
const ABSOLUTE = /^(?:[a-z]:)?[\\/]/i;

/**
 * @internal Finds the files that entries of a manifest mean. A manifest may know folders above the dataset's, and files
 * may lie deeper than it says; absolute paths count from the folder that all of them share. Of the files that fit, those
 * with the most of the entry's path are meant. Names are compared as Unicode text, however they are composed, as files
 * unpacked on macOS have decomposed names. The time grows with files and entries, not with their product.
 *
 * @param entries - All that will be asked for.
 * @returns Files per entry: none if it is missing, several if it is ambiguous.
 */
export function fileMatcher(
  files: readonly string[],
  entries: readonly string[],
): (entry: string) => readonly string[] {
  const shared = sharedFolder(entries.filter((entry) => ABSOLUTE.test(entry)).map(plain));
  const indexes = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const indexFor = (depth: number, isWhole: boolean): ReadonlyMap<string, readonly string[]> => {
    const key = `${depth} ${isWhole}`;
    const known = indexes.get(key);
    if (known) return known;
    const index = indexByEnd(files, depth, isWhole);
    indexes.set(key, index);
    return index;
  };

  return (entry) => {
    const wanted = plain(entry);
    const isWhole = EXTENSION.test(nameOf(wanted)); // otherwise files count without their extensions
    const isBelowShared = shared !== '' && ABSOLUTE.test(entry) && wanted.startsWith(shared);
    const end = isBelowShared ? wanted.slice(shared.length) : wanted;
    const depth = end.split('/').length;
    // The entry knows folders above the dataset: the longest of its ends that is the whole path of a file.
    const whole = indexFor(Infinity, isWhole);
    for (let part = wanted; ; part = part.slice(part.indexOf('/') + 1)) {
      const found = whole.get(part);
      if (found && part.length >= end.length) return found;
      const deeper = part.length <= end.length ? indexFor(depth, isWhole).get(end) : undefined;
      if (deeper ?? found) return deeper ?? found!;
      if (!part.includes('/')) return [];
    }
  };
}

/** Files by the last parts of their paths; the few that are not as deep have no place in it. */
function indexByEnd(
  files: readonly string[],
  depth: number,
  isWhole: boolean,
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const file of files) {
    const path = isWhole ? plain(file) : plain(file).replace(EXTENSION, '');
    const end = depth === Infinity ? path : endOf(path, depth);
    if (end === undefined) continue;
    const known = index.get(end);
    if (known) known.push(file);
    else index.set(end, [file]);
  }
  return index;
}

/** The last `depth` parts of a path, if it has as many. */
function endOf(path: string, depth: number): string | undefined {
  let start = path.length;
  for (let part = 0; part < depth; part++) {
    if (start < 0) return undefined;
    start = start === 0 ? -1 : path.lastIndexOf('/', start - 1);
  }
  return path.slice(start + 1);
}

/** The folder that all paths lie in, with its last `/`; `''` if there is none. */
function sharedFolder(paths: readonly string[]): string {
  const [first, ...others] = paths;
  let shared = first === undefined ? '' : first.slice(0, first.lastIndexOf('/') + 1);
  for (const path of others) {
    while (!path.startsWith(shared)) shared = shared.slice(0, shared.lastIndexOf('/', shared.length - 2) + 1);
  }
  return shared;
}

/** With `/`, composed letters, and without what says that the path starts here or at the root. */
function plain(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.{0,2}\/+)+/, '')
    .normalize('NFC');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
