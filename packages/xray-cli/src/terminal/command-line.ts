/** The command as a user types it. */
export function commandLine(args: readonly string[] = process.argv.slice(2)): string {
  return ['xray', ...args.map((arg) => (/[^\w./:=-]/.test(arg) ? JSON.stringify(arg) : arg))].join(' ');
}
