// Requires every entry, named on the command line, from a CommonJS program that has imported none of them before.
for (const entry of process.argv.slice(2)) {
  if (Object.keys(require(entry)).length === 0) throw new Error(`${entry} exports nothing`);
}
