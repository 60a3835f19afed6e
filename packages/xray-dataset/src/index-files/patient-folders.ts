/** A folder below a class folder. */
export interface InnerFolder {
  readonly classFolder: string;
  /** The first folder below it; `undefined` where the image lies right in the class folder. */
  readonly name: string | undefined;
}

/** Words that number something else than patients, sizes and dates. */
const OTHER_THINGS =
  /^(batch|part|fold|set|group|chunk|split|size|version|volume|archive|folder|page|series|study|scan|image|img|view|visit|session|year|month|week|day|class|type|stage|grade|v)[ _-]*#|^#x#$|^#([ _.-]#)+$/i;
const PATIENT_WORD = /^(p|pt|pat|patient|patients|sub|subject|case|person|id|mrn|participant)[ _-]*#/i;
/** Folders of one shape, of all. */
const MOST = 0.9;

/**
 * @internal Patients by the folders below the class folders, where these are folders of patients: every image lies in one, and
 * nearly all are named alike but for a number (`patient001`, `p10000032`, `00000013`). Names that merely number something,
 * such as `batch1` or `224x224`, or that are bare numbers of up to three digits, have to be declared.
 *
 * A name in two classes is one patient, unless every class numbers its own without gaps from 0 or 1.
 *
 * @returns Patient of a folder, or `undefined` where they are no folders of patients.
 */
export function recognisePatientFolders(
  folders: readonly InnerFolder[],
): ((folder: InnerFolder) => string) | undefined {
  if (folders.length === 0 || folders.some(({ name }) => name === undefined)) return undefined;
  const names = namesByClass(folders);
  const all = new Set([...names.values()].flatMap((own) => [...own]));
  const isRepeated = [...names.values()].some((own) => own.size > 1);
  if (!isRepeated || !areNamedLikePatients([...all])) return undefined;
  return patientsOfFolders(folders);
}

/** @internal Patients by the folders below the class folders, whatever these are called. */
export function patientsOfFolders(folders: readonly InnerFolder[]): (folder: InnerFolder) => string {
  const names = namesByClass(folders);
  const counts = [...names.values()].map(({ size }) => size).reduce((sum, size) => sum + size, 0);
  const isShared = counts > new Set([...names.values()].flatMap((own) => [...own])).size;
  const isNumberedAnew = isShared && [...names.values()].every((own) => isNumberedThrough([...own]));
  return ({ classFolder, name }) => (isNumberedAnew ? `${classFolder.toLowerCase()}/${name}` : name!);
}

function namesByClass(folders: readonly InnerFolder[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { classFolder, name } of folders) {
    const key = classFolder.toLowerCase();
    const own = names.get(key) ?? new Set();
    if (name !== undefined) own.add(name);
    names.set(key, own);
  }
  return names;
}

function areNamedLikePatients(names: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const name of names) {
    const shape = name.replace(/\d+/g, '#');
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const patients = [...counts].filter(([shape]) => PATIENT_WORD.test(shape));
  const likely = patients.reduce((sum, [, count]) => sum + count, 0);
  if (likely >= MOST * names.length) return true;
  const [shape, count] = [...counts].sort(([, left], [, right]) => right - left)[0]!;
  if (!shape.includes('#') || count < MOST * names.length) return false;
  if (shape === '#') return names.every((name) => name.length > 3); // 00000013, not 1, 2, 3
  return !OTHER_THINGS.test(shape);
}

/** Whether names are the numbers from 0 or 1 on, with the same text around them. */
function isNumberedThrough(names: readonly string[]): boolean {
  const numbers = names
    .map((name) => Number(/\d+/.exec(name)?.[0] ?? Number.NaN))
    .sort((left, right) => left - right);
  const first = numbers[0]!;
  return first <= 1 && numbers.every((number, index) => number === first + index);
}
