import { type ClassList, InvalidArgumentError } from 'xray-core';

/** Findings that a name covers, too: what the known datasets tell apart, and what people call it. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  pneumonia: ['bacterial', 'viral'],
  bacteria: ['bacterial'],
  virus: ['viral'],
  'no finding': ['normal'], // as tables of the known datasets are read
};

/**
 * The classes of `--classes`, as in `normal=NORMAL,pneumonia=PNEUMONIA+COVID`: class names in their order, the negative class
 * first, each with the findings it covers. These are names of folders or of a table, in any case.
 *
 * @throws {InvalidArgumentError} If there are fewer than two classes, or a finding is in two.
 */
export function parseClassList(text: string): ClassList {
  const problem = (expected: string) =>
    new InvalidArgumentError({ argument: '--classes', expected, received: text });
  const pairs = text.split(',').map((part) => {
    const [name = '', ...rest] = part.split('=');
    const findings = rest
      .join('=')
      .split('+')
      .map((finding) => finding.trim().normalize('NFC'));
    return { name: name.trim(), findings };
  });
  const names = pairs.map(({ name }) => name);
  if (pairs.some(({ name, findings }) => name === '' || findings.includes('')))
    throw problem('classes with their findings, as in normal=NORMAL,pneumonia=PNEUMONIA+COVID');
  if (names.length < 2 || new Set(names).size < names.length) throw problem('two or more different classes');

  const classes = new Map<string, string>();
  for (const { name, findings } of pairs) {
    for (const finding of new Set(findings.flatMap((one) => [one, one.toLowerCase()]))) {
      const before = classes.get(finding);
      if (before !== undefined)
        throw problem(`findings that are in one class each, not ${finding} in ${before} and ${name}`);
      classes.set(finding, name);
    }
  }
  for (const [finding, name] of [...classes]) {
    for (const other of Object.hasOwn(ALSO, finding) ? ALSO[finding]! : [])
      if (!classes.has(other)) classes.set(other, name);
  }
  return { names, findings: Object.fromEntries(classes) };
}

/** Whether two class lists have the same classes in the same order, whatever findings these cover. */
export function haveSameClasses(one: ClassList, other: ClassList): boolean {
  return one.names.join('\n') === other.names.join('\n');
}
