/** A gray 8-bit image. */
export interface GrayImage {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** @internal Standard deviation of a row or column of a flat bar: below. Leaves room for compression. */
const FLAT_DEVIATION = 2;
/** Half the range of levels that count as the ground of a bar. */
const GROUND_RANGE = 16;
/** Share of a line's pixels that are ground. The rest is text. */
const GROUND_SHARE = 0.6;
/** Difference from the ground at which a stroke of a letter begins, and at which it ends. */
const STROKE_BEGINS = 64;
const STROKE_ENDS = 32;
/** Thinnest and thickest bar that is looked at for text, as a share of the side. */
const THINNEST_BAR = 0.025;
const THICKEST_BAR = 0.5;

/** @internal What was found along the edges of an image. */
export interface EdgeMeasures {
  /** Of all gray levels. */
  readonly deviation: number;
  /** Height or width of the widest flat bar at an edge, as a share of the image. */
  readonly flatBorder: number;
  /** Most strokes in a row within a bar of one ground level at an edge. */
  readonly textBar: number;
}

/** @internal Looks for flat bars and for text on bars of one level at all four edges. */
export function measureEdges(image: GrayImage): EdgeMeasures {
  const { deviation, rows, columns } = deviations(image);
  const thickness = [rows, rows.toReversed(), columns, columns.toReversed()].map(
    (lines) => leading(lines, (value) => value < FLAT_DEVIATION) / lines.length,
  );
  const strokes = (['top', 'bottom', 'left', 'right'] as const).map((edge) => strokesAt(image, edge));
  return { deviation, flatBorder: Math.max(...thickness), textBar: Math.max(...strokes) };
}

/** How many lines from the edge inwards hold. */
function leading(lines: Float64Array, holds: (value: number) => boolean): number {
  const end = lines.findIndex((value) => !holds(value));
  return end < 0 ? lines.length : end;
}

/** Standard deviations of all pixels, of every row and of every column. */
function deviations({ pixels, height, width }: GrayImage) {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  const rows = new Float64Array(height);
  let allSum = 0;
  let allSquares = 0;
  for (let row = 0; row < height; row++) {
    let rowSum = 0;
    let rowSquares = 0;
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const level = pixels[at]!;
      const square = level * level;
      rowSum += level;
      rowSquares += square;
      sums[column]! += level;
      squares[column]! += square;
    }
    rows[row] = spread(rowSum, rowSquares, width);
    allSum += rowSum;
    allSquares += rowSquares;
  }
  const columns = sums.map((sum, column) => spread(sum, squares[column]!, height));
  return { deviation: spread(allSum, allSquares, height * width), rows, columns };
}

function spread(sum: number, squares: number, count: number): number {
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}

/** Lines of an image seen from one edge: rows for top and bottom, columns for left and right. */
function strokesAt(image: GrayImage, edge: 'top' | 'bottom' | 'left' | 'right'): number {
  const { pixels, height, width } = image;
  const isRow = edge === 'top' || edge === 'bottom';
  const [lines, length] = isRow ? [height, width] : [width, height];
  const lineAt = (depth: number) => (edge === 'top' || edge === 'left' ? depth : lines - 1 - depth);
  const [step, stride] = isRow ? [1, width] : [width, 1];

  const ground = groundLevel(pixels, lineAt(0) * stride, step, length);
  const most = Math.floor(lines * THICKEST_BAR);
  let thickness = 0;
  while (thickness <= most && isGround(pixels, lineAt(thickness) * stride, step, length, ground)) thickness++;
  if (thickness > most || thickness < lines * THINNEST_BAR) return 0;

  // Text runs from left to right on bars at the sides, too.
  const first = Math.min(lineAt(0), lineAt(thickness - 1));
  const [top, bottom, left, right] = isRow
    ? [first, first + thickness, 0, width]
    : [0, height, first, first + thickness];
  let strokes = 0;
  for (let row = top; row < bottom; row++)
    strokes = Math.max(strokes, strokesIn(pixels, row * width + left, right - left, ground));
  return strokes;
}

/** Middle of the most common 8 levels of a line. */
function groundLevel(pixels: Uint8Array, start: number, step: number, length: number): number {
  const counts = new Uint32Array(32);
  for (let place = 0, at = start; place < length; place++, at += step) counts[pixels[at]! >> 3]!++;
  return counts.indexOf(Math.max(...counts)) * 8 + 4;
}

function isGround(pixels: Uint8Array, start: number, step: number, length: number, ground: number): boolean {
  let count = 0;
  for (let place = 0, at = start; place < length; place++, at += step)
    if (Math.abs(pixels[at]! - ground) <= GROUND_RANGE) count++;
  return count >= GROUND_SHARE * length;
}

function strokesIn(pixels: Uint8Array, start: number, length: number, ground: number): number {
  let strokes = 0;
  let isInside = false;
  for (let at = start; at < start + length; at++) {
    const difference = Math.abs(pixels[at]! - ground);
    if (!isInside && difference > STROKE_BEGINS) strokes++;
    isInside = difference > (isInside ? STROKE_ENDS : STROKE_BEGINS);
  }
  return strokes;
}
