import { readFileSync } from 'node:fs';

/**
 * The largest resident set of this process so far, in megabytes. On Linux `resourceUsage().maxRSS` starts with that of the
 * process that started this one, so what the kernel counts for this one alone comes first.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html (VmHWM)
 */
export function peakMemoryMegabytes(): number {
  return Math.round((ownPeakKilobytes() ?? process.resourceUsage().maxRSS) / 1024);
}

function ownPeakKilobytes(): number | undefined {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined; // not Linux
  }
}
