/** The message of an error that nobody caught, from among what Node prints with it; `undefined` where there is none. */
export function uncaughtMessage(stderr: string): string | undefined {
  return /^\w*(?:Error|Exception)(?: \[.*\])?: (.+)/m.exec(stderr)?.[1];
}
