// Imports every entry, named on the command line.
for (const entry of process.argv.slice(2)) {
  if (Object.keys(await import(entry)).length === 0) throw new Error(`${entry} exports nothing`);
}
