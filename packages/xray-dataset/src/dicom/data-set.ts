/** @internal Where an element's value lies in the bytes of a data set. */
export interface DicomElement {
  readonly tag: number;
  /** Value representation; `undefined` where the file leaves it out. */
  readonly vr: string | undefined;
  readonly offset: number;
  /** Bytes; `undefined` if a delimiter ends the value. */
  readonly length: number | undefined;
}

/** @internal How the elements of a data set are encoded. */
export interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** @internal Tags by their keywords (DICOM PS3.6), in the order in which they stand in a file. */
export const TAGS = {
  MediaStorageSOPClassUID: 0x0002_0002,
  TransferSyntaxUID: 0x0002_0010,
  Modality: 0x0008_0060,
  PatientID: 0x0010_0020,
  BodyPartExamined: 0x0018_0015,
  ViewPosition: 0x0018_5101,
  SamplesPerPixel: 0x0028_0002,
  PhotometricInterpretation: 0x0028_0004,
  NumberOfFrames: 0x0028_0008,
  Rows: 0x0028_0010,
  Columns: 0x0028_0011,
  BitsAllocated: 0x0028_0100,
  BitsStored: 0x0028_0101,
  HighBit: 0x0028_0102,
  PixelRepresentation: 0x0028_0103,
  PixelPaddingValue: 0x0028_0120,
  PixelPaddingRangeLimit: 0x0028_0121,
  WindowCenter: 0x0028_1050,
  WindowWidth: 0x0028_1051,
  RescaleIntercept: 0x0028_1052,
  RescaleSlope: 0x0028_1053,
  VOILUTFunction: 0x0028_1056,
  ModalityLUTSequence: 0x0028_3000,
  LUTDescriptor: 0x0028_3002,
  LUTData: 0x0028_3006,
  VOILUTSequence: 0x0028_3010,
  PresentationLUTShape: 0x2050_0020,
  ExtendedOffsetTable: 0x7fe0_0001,
  PixelData: 0x7fe0_0010,
} as const;

/** Bytes of a text that are read; more are no identifier, no name of a view and no number. */
const LONGEST_TEXT = 4096;

/** @internal Elements by tag and the bytes their values lie in. */
export class DataSet {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly encoding: Encoding,
    readonly elements: ReadonlyMap<number, DicomElement>,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** One of the values of a text, without blanks around it; `undefined` if absent or blank. */
  text(tag: number, index = 0): string | undefined {
    const element = this.elements.get(tag);
    if (element?.length === undefined) return undefined;
    const end = element.offset + Math.min(element.length, LONGEST_TEXT);
    const value = String.fromCharCode(...this.bytes.subarray(element.offset, end));
    return value.split('\0', 1)[0]!.split('\\')[index]?.trim() || undefined;
  }

  /** One of the values of a decimal or an integer text. */
  number(tag: number): number | undefined {
    const value = Number.parseFloat(this.text(tag) ?? '');
    return Number.isFinite(value) ? value : undefined;
  }

  uint16(tag: number, index = 0): number | undefined {
    return this.#word(tag, index, (at) => this.#view.getUint16(at, this.encoding.isLittleEndian));
  }

  int16(tag: number, index = 0): number | undefined {
    return this.#word(tag, index, (at) => this.#view.getInt16(at, this.encoding.isLittleEndian));
  }

  #word(tag: number, index: number, read: (at: number) => number): number | undefined {
    const { offset, length = 0 } = this.elements.get(tag) ?? { offset: 0 };
    return length >= 2 * index + 2 ? read(offset + 2 * index) : undefined;
  }
}
