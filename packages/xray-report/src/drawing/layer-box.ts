import { formatCount, formatShape } from '../format.js';
import { type Html, html } from '../html.js';
import type { LayerBlock } from './layer-blocks.js';
import { KIND_COLORS } from './layer-kind.js';

const WIDTH = 140;
const HEIGHT = 128;
const MIDDLE = HEIGHT / 2 + 4;
/** Where the centre of every box is; the rest of the width is for the arrow to the next one. */
const CENTER = 46;

/** How large a box is drawn, in the units of the drawing. */
interface BoxSize {
  readonly height: number;
  readonly thickness: number;
  /** Shift of the back to the right and up; 0 for vectors. */
  readonly depth: number;
}

/**
 * The box of a layer with the arrow that leaves it and, on the arrow, the shape of its output. Feature maps are
 * drawn as blocks, high as their height and thick as their channels (both on a logarithmic scale), vectors as bars.
 * Boxes next to each other join into one line.
 */
export function layerBox(block: LayerBlock, isFirst: boolean): Html {
  const size = boxSize(block.shape);
  const left = CENTER - (size.thickness + size.depth) / 2;
  const right = left + size.thickness + size.depth;
  const stacked = block.layerCount > 1;
  const isFrozen = block.parameters > 0 && block.trainableParameters === 0;
  const classes = `box ${KIND_COLORS[block.kind]}${isFrozen ? ' frozen' : ''}`;
  const [above, below] = shapeWords(block.shape);
  const arrowStart = right + (stacked ? 10 : 0);

  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
${!isFirst && html`<path class="arrow" d="M0 ${MIDDLE}H${left - 6}"/><path class="head" d="M${left - 2} ${MIDDLE}l-8 -4v8z"/>`}
<path class="arrow" d="M${arrowStart} ${MIDDLE}H${WIDTH}"/>
<g class="${classes}">${stacked && html`${solid(left + 8, size)}${solid(left + 4, size)}`}${solid(left, size)}</g>
<text x="${WIDTH - 3}" y="${MIDDLE - 7}" text-anchor="end">${above}</text>
${below !== '' && html`<text x="${WIDTH - 3}" y="${MIDDLE + 16}" text-anchor="end">${below}</text>`}
</svg>`;
}

/** Front, top and side of a block; a bar has a front only. */
function solid(left: number, { height, thickness, depth }: BoxSize): Html {
  const top = MIDDLE - height / 2 + depth / 4;
  const right = left + thickness;
  return html`${
    depth > 0 &&
    html`<path class="top" d="M${left} ${top}l${depth} ${-depth / 2}h${thickness}l${-depth} ${depth / 2}z"/><path class="side" d="M${right} ${top}l${depth} ${-depth / 2}v${height}l${-depth} ${depth / 2}z"/>`
  }<path class="front" d="M${left} ${top}h${thickness}v${height}h${-thickness}z"/>`;
}

function boxSize(shape: readonly (number | null)[]): BoxSize {
  const scale = (side: number | null | undefined) => Math.log2((side ?? 64) + 1);
  if (shape.length < 2) {
    return { height: round(Math.min(96, 16 + 5 * scale(shape[0]))), thickness: 10, depth: 0 };
  }
  const height = Math.min(88, 10 + 9.5 * scale(shape[0]));
  return {
    height: round(height),
    thickness: round(Math.min(56, 4 + 4 * scale(shape.at(-1)))),
    depth: round(height / 4.5),
  };
}

/** Height and width go above the arrow, channels below it. */
function shapeWords(shape: readonly (number | null)[]): readonly [above: string, below: string] {
  if (shape.length < 3) return [formatShape(shape), ''];
  const channels = shape.at(-1);
  return [
    formatShape(shape.slice(0, -1)),
    typeof channels === 'number' ? `× ${formatCount(channels)}` : '× ?',
  ];
}

function round(value: number): number {
  return Math.round(value * 2) / 2;
}
