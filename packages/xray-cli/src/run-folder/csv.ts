import papaparse from 'papaparse';

/** A table with a header, also when it has no rows. */
export function toCsv(fields: readonly string[], data: readonly (readonly unknown[])[]): string {
  const csv = papaparse.unparse(
    { fields: [...fields], data: data.map((row) => [...row]) },
    { newline: '\n' },
  );
  return csv.endsWith('\n') ? csv : `${csv}\n`; // without rows, the header already ends its line
}
