const EXTENSION = /\.[a-z]{2,5}$/i;

/**
 * @internal Finds the files that entries of a manifest mean: by the end of the path, in either direction, because a
 * manifest may know folders above the dataset's and files may lie deeper than it says.
 *
 * @returns Files per entry: none if it is missing, several if it is ambiguous.
 */
export function fileMatcher(files: readonly string[]): (entry: string) => readonly string[] {
  const byName = new Map<string, string[]>();
  const add = (key: string, file: string) => {
    const known = byName.get(key);
    if (known) known.push(file);
    else byName.set(key, [file]);
  };
  for (const file of files) {
    const name = nameOf(file);
    add(name, file);
    if (EXTENSION.test(name)) add(name.replace(EXTENSION, ''), file);
  }
  return (entry) => {
    const wanted = `/${entry.replaceAll('\\', '/').replace(/^[./]+/, '')}`;
    const candidates = byName.get(nameOf(wanted)) ?? [];
    return candidates.filter((file) => {
      const path = `/${EXTENSION.test(nameOf(wanted)) ? file : file.replace(EXTENSION, '')}`;
      return path.endsWith(wanted) || wanted.endsWith(path);
    });
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
