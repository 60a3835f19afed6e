import type { Box } from './resize-taps.js';

interface Size {
  readonly height: number;
  readonly width: number;
}

/** The largest centred part of an image that has the target's aspect ratio, rounded as Keras rounds. */
export function cropBox({ height, width }: Size, target: Size): Box {
  const wantedHeight = Math.floor((width * target.height) / target.width);
  const wantedWidth = Math.floor((height * target.width) / target.height);
  const cropHeight = Math.max(1, Math.min(height, wantedHeight));
  const cropWidth = Math.max(1, Math.min(width, wantedWidth));
  return {
    top: Math.floor((height - cropHeight) / 2),
    left: Math.floor((width - cropWidth) / 2),
    height: cropHeight,
    width: cropWidth,
  };
}

/** The smallest box around an image that has the target's aspect ratio, rounded as Keras rounds: evenly padded. */
export function padBox({ height, width }: Size, target: Size): Box {
  const wantedHeight = Math.max(height, Math.floor((width * target.height) / target.width));
  const wantedWidth = Math.max(width, Math.floor((height * target.width) / target.height));
  const above = Math.floor((wantedHeight - height) / 2);
  const before = Math.floor((wantedWidth - width) / 2);
  return { top: -above, left: -before, height: height + 2 * above, width: width + 2 * before };
}
