import sharp, { type OverlayOptions } from 'sharp';

/** One strip of pictures under a heading. */
export interface SheetRow {
  readonly name: string;
  readonly options: string;
  /** uint8 `[size * size]` each, gray. */
  readonly tiles: readonly Uint8Array[];
}

/** Pixels of the sheet. */
const TILE = 76;
const GAP = 4;
const MARGIN = 20;
const HEADING = 36;
const BETWEEN = 12;
const TOP = 118;
const COLUMNS = 2;

/**
 * Lays strips out in two columns under the original and a title.
 *
 * @param sheet.size - Height and width of the pictures.
 * @returns A PNG of the whole.
 */
export async function layOut(sheet: {
  rows: readonly SheetRow[];
  size: number;
  original: Uint8Array;
  title: string;
  note: string;
}): Promise<Buffer> {
  const { rows, size, original, title, note } = sheet;
  const strip = Math.max(...rows.map(({ tiles }) => tiles.length)) * (TILE + GAP) - GAP;
  const perColumn = Math.ceil(rows.length / COLUMNS);
  const width = COLUMNS * strip + (COLUMNS + 1) * MARGIN;
  const height = TOP + perColumn * (HEADING + TILE + BETWEEN) + MARGIN;
  const texts = [
    text(MARGIN + TILE + 14, 48, title, 'font-size="18" font-weight="bold"'),
    text(MARGIN + TILE + 14, 72, note, MUTED),
  ];
  const overlays: OverlayOptions[] = [{ input: await shrink(original, size), left: MARGIN, top: MARGIN }];
  for (const [index, { name, options, tiles }] of rows.entries()) {
    const left = MARGIN + Math.floor(index / perColumn) * (strip + MARGIN);
    const top = TOP + (index % perColumn) * (HEADING + TILE + BETWEEN);
    texts.push(text(left, top + 13, name, 'font-size="13" font-weight="bold"'));
    texts.push(text(left, top + 28, options, MUTED));
    for (const [place, tile] of tiles.entries()) {
      overlays.push({
        input: await shrink(tile, size),
        left: left + place * (TILE + GAP),
        top: top + HEADING,
      });
    }
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Arial, sans-serif">${texts.join('')}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite([{ input: Buffer.from(svg), left: 0, top: 0 }, ...overlays])
    .png()
    .toBuffer();
}

const MUTED = 'font-size="11" fill="#555"';

/** Every eighth level only: two thirds of the bytes of the sheet, and hardly a difference at this size. */
async function shrink(pixels: Uint8Array, size: number): Promise<Buffer> {
  const raw = { width: size, height: size, channels: 1 } as const;
  const small = await sharp(pixels, { raw }).resize(TILE, TILE).raw().toBuffer();
  const levels = small.map((level) => Math.min(255, 8 * Math.round(level / 8)));
  const shrunk = { width: TILE, height: TILE, channels: (small.length / TILE ** 2) as 1 | 3 };
  return sharp(levels, { raw: shrunk }).png().toBuffer();
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
