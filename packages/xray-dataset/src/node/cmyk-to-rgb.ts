/**
 * @internal CMYK to RGB by the formula of Pillow's `convert('RGB')`, `(1 - C) (1 - K)` for red, without a colour profile.
 *
 * @param cmyk - `[pixels * 4]`, 255 is full ink.
 * @returns `[pixels * 3]`
 */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = light - share(cmyk[from + ink]!, light);
  }
  return rgb;
}

/** `left * right / 255`, rounded, in integers as Pillow does. */
function share(left: number, right: number): number {
  const product = left * right + 128;
  return (product + (product >> 8)) >> 8;
}
