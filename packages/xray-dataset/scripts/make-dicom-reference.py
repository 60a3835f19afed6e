"""Writes src/__fixtures__/dicom-reference.json and dicom-exports.json: small DICOM files of all kinds and how pydicom shows them.

    pip install pydicom numpy pillow pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle pyjpegls python-gdcm
    python scripts/make-dicom-reference.py
"""

import base64
import io
import json
import pathlib
import tempfile

import gdcm
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import apply_modality_lut, apply_presentation_lut, apply_voi_lut
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
    generate_uid,
)

random = np.random.default_rng(7)
HEIGHT, WIDTH = 34, 40
SECRET = "Secret^Patient"


def picture(bits):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
    smooth = 0.5 + 0.3 * np.sin(5 * x) * np.cos(4 * y) + 0.25 * (x - y)
    return np.round(np.clip(smooth + random.normal(0, 0.02, smooth.shape), 0, 1) * (2**bits - 1)).astype(int)


def radiograph(stored, bits_stored, bits_allocated, photometric="MONOCHROME2", signed=False, **tags):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[str(stored[:2])])
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.PatientName = SECRET
    dataset.PatientID = "secret-4711 "
    dataset.Modality = "DX"
    dataset.ViewPosition = "PA"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = bits_allocated
    dataset.BitsStored = bits_stored
    dataset.HighBit = bits_stored - 1
    dataset.PixelRepresentation = int(signed)
    for tag, value in tags.items():
        setattr(dataset, tag, value)
    kind = f"<{'i' if signed else 'u'}{bits_allocated // 8}"
    dataset.PixelData = stored.astype(kind).tobytes()
    dataset["PixelData"].VR = "OW" if bits_allocated == 16 else "OB"
    return dataset


def file_of(dataset, syntax=None):
    buffer = io.BytesIO()
    if syntax is not None:
        dataset.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def table(levels, first, bits):
    item = Dataset()
    item.LUTDescriptor = [len(levels), first, bits]
    item.add_new("LUTData", "US", [int(level) for level in levels])
    return [item]


def shown(dataset):
    """Display levels in [0, 1] by pydicom, low values black."""
    values = apply_modality_lut(dataset.pixel_array, dataset)
    low, high = value_range(dataset)
    if "VOILUTSequence" in dataset:
        low, high = 0, 2 ** dataset.VOILUTSequence[0].LUTDescriptor[2] - 1
    levels = (apply_voi_lut(values, dataset).astype(float) - low) / (high - low)
    return 1 - levels if dataset.PhotometricInterpretation == "MONOCHROME1" else levels


def value_range(dataset):
    """Range that pydicom's windowing gives."""
    if "ModalityLUTSequence" in dataset:
        return 0, 2 ** dataset.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    bits = dataset.BitsStored
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if dataset.PixelRepresentation else (0, 2**bits - 1)
    slope, intercept = float(dataset.get("RescaleSlope", 1)), float(dataset.get("RescaleIntercept", 0))
    return low * slope + intercept, high * slope + intercept


def gdcm_compressed(data, kind):
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder, "plain.dcm")
        plain.write_bytes(data)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(plain))
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(kind))
        change.SetInput(reader.GetImage())
        assert change.Change(), kind
        writer = gdcm.ImageWriter()
        out = pathlib.Path(folder, "out.dcm")
        writer.SetFileName(str(out))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        return out.read_bytes()


cases = []


def case(name, data, reference=None):
    """`reference` is the data set pydicom shows, by default that of the file itself."""
    dataset = reference if reference is not None else pydicom.dcmread(io.BytesIO(data))
    levels = shown(dataset)
    assert levels.min() >= -1e-9 and levels.max() <= 1 + 1e-9, (name, levels.min(), levels.max())
    cases.append(
        {
            "name": name,
            "file": base64.b64encode(data).decode(),
            "bits": 16 if dataset.BitsStored > 8 else 8,
            "levels": np.round(levels * 255, 3).ravel().tolist(),
        }
    )


WINDOW = {"WindowCenter": 2000, "WindowWidth": 2600}
twelve, eight = picture(12), picture(8)


def deep(**tags):
    return radiograph(twelve, 12, 16, **{**WINDOW, **tags})


case("explicit little endian, window", file_of(deep()))
case("implicit little endian, MONOCHROME1", file_of(deep(photometric="MONOCHROME1"), ImplicitVRLittleEndian))
case("big endian", file_of(deep(), ExplicitVRBigEndian), deep())
case("deflated", file_of(deep(), DeflatedExplicitVRLittleEndian))
case("first of two windows", file_of(deep(WindowCenter=[1500, 3000], WindowWidth=[900, 50])))
case("LINEAR_EXACT", file_of(deep(VOILUTFunction="LINEAR_EXACT", WindowWidth=41)))
case("SIGMOID", file_of(deep(VOILUTFunction="SIGMOID", WindowWidth=700)))
signed = dict(signed=True, RescaleSlope="0.5", RescaleIntercept="-100", RescaleType="US")
case(
    "signed, rescaled, LINEAR_EXACT",
    file_of(
        radiograph(
            twelve - 2048, 12, 16, **signed, WindowCenter=-80, WindowWidth=900, VOILUTFunction="LINEAR_EXACT"
        )
    ),
)
case(
    "signed 16 bit, rescaled, LINEAR",
    file_of(radiograph(picture(16) - 32768, 16, 16, **signed, WindowCenter=-80, WindowWidth=9000)),
)
curve = np.round(1023 * (np.arange(4096) / 4095) ** 1.7)
case("VOI lookup table before the window", file_of(deep(VOILUTSequence=table(curve, 0, 10))))
short = np.round(65535 * np.linspace(0, 1, 1500) ** 0.6)
case("short VOI lookup table, 16 bit", file_of(deep(VOILUTSequence=table(short, 1200, 16))))
falling = table(65535 - 16 * np.arange(4096), 0, 16)
case(
    "modality lookup table",
    file_of(deep(ModalityLUTSequence=falling, WindowCenter=30000, WindowWidth=40000)),
)
case("8 bit without window", file_of(radiograph(eight, 8, 8, photometric="MONOCHROME1")))
case("8 bit with window", file_of(radiograph(eight, 8, 8, WindowCenter=100, WindowWidth=120)))

dirty = deep()
words = np.frombuffer(dirty.PixelData, "<u2")
dirty.PixelData = (words | (random.integers(0, 16, words.shape) << 12).astype("<u2")).tobytes()
case("overlay bits above the stored ones", file_of(dirty), deep())
high = deep()
high.HighBit = 15
high.PixelData = (words << 4 | random.integers(0, 16, words.shape).astype("<u2")).tobytes()
case("stored in the upper bits", file_of(high), deep())


def compressed(dataset, syntax, **options):
    dataset.compress(syntax, generate_instance_uid=False, **options)
    return file_of(dataset)


case("RLE, 16 bit", compressed(deep(), RLELossless))
case("RLE, 8 bit", compressed(radiograph(eight, 8, 8), RLELossless))
case("JPEG-LS lossless", compressed(deep(), JPEGLSLossless))
case("JPEG-LS near-lossless", compressed(deep(), JPEGLSNearLossless, jls_error=3))
case("JPEG-LS lossless, 8 bit", compressed(radiograph(eight, 8, 8), JPEGLSLossless))
case("JPEG 2000 lossless", compressed(deep(), JPEG2000Lossless))
case("JPEG 2000 lossy", compressed(deep(), JPEG2000, j2k_cr=[4]))
case(
    "JPEG 2000 lossless, signed",
    compressed(
        radiograph(picture(16) - 32768, 16, 16, signed=True, WindowCenter=0, WindowWidth=40000),
        JPEG2000Lossless,
    ),
)
jpeg = io.BytesIO()
Image.fromarray(eight.astype(np.uint8)).save(jpeg, "JPEG", quality=90)
baseline = radiograph(eight, 8, 8)
baseline.PixelData = encapsulate([jpeg.getvalue()], fragments_per_frame=2)
baseline["PixelData"].is_undefined_length = True
case("JPEG baseline in two fragments", file_of(baseline, JPEGBaseline8Bit))
kinds = gdcm.TransferSyntax
case("JPEG lossless, first order", gdcm_compressed(file_of(deep()), kinds.JPEGLosslessProcess14_1))
case("JPEG lossless, 8 bit", gdcm_compressed(file_of(radiograph(eight, 8, 8)), kinds.JPEGLosslessProcess14_1))
case("JPEG lossless, process 14", gdcm_compressed(file_of(deep()), kinds.JPEGLosslessProcess14))



def wide(**tags):
    return radiograph(eight, 8, 16, **tags)


case("JPEG-LS lossless, 8 bit in words of 16", compressed(wide(), JPEGLSLossless))
case("JPEG 2000 lossless, 8 bit in words of 16", compressed(wide(), JPEG2000Lossless))
wide_baseline = wide()
wide_baseline.PixelData = encapsulate([jpeg.getvalue()])
wide_baseline["PixelData"].is_undefined_length = True
# pydicom does not read it, Pillow reads what is inside
inside = radiograph(np.asarray(Image.open(io.BytesIO(jpeg.getvalue()))).astype(int), 8, 8)
case("JPEG baseline in words of 16", file_of(wide_baseline, JPEGBaseline8Bit), inside)
pairs = radiograph(eight, 8, 8)
pairs["PixelData"].VR = "OW"
case("big endian, 8 bit in pairs", file_of(pairs, ExplicitVRBigEndian), radiograph(eight, 8, 8))
case("function in lower case", file_of(deep(VOILUTFunction="linear_exact")))


def table_from(first, kind, **tags):
    """A VOI lookup table whose first value has another sign than the pixels."""
    dataset = radiograph(twelve, 12, 16, **tags)
    item = Dataset()
    item.add_new("LUTDescriptor", kind, [4096, first, 10])
    item.add_new("LUTData", "OW", curve.astype("<u2").tobytes())
    dataset.VOILUTSequence = [item]
    return dataset


shifted = dict(RescaleSlope="1", RescaleIntercept="-1024", RescaleType="US")
case("VOI lookup table from a negative value", file_of(table_from(-1024, "SS", **shifted)))

# No window: numpy's percentiles, where the cumulative share first goes beyond the rank.
plain = radiograph(twelve, 12, 16)
low, high_level = np.sort(twelve.ravel())[[int(0.005 * twelve.size), int(0.995 * twelve.size)]]
levels = np.clip((twelve - low) / (high_level - low), 0, 1)
cases.append(
    {
        "name": "percentile window",
        "file": base64.b64encode(file_of(plain)).decode(),
        "bits": 16,
        "levels": np.round(levels * 255, 3).ravel().tolist(),
    }
)

frames = deep()
frames.NumberOfFrames = 2
frames.PixelData = frames.PixelData * 2
colour = radiograph(np.repeat(eight, 3, 1), 8, 8)
colour.Columns, colour.SamplesPerPixel, colour.PhotometricInterpretation = WIDTH, 3, "RGB"
colour.PlanarConfiguration = 0
report = deep()
del report.PixelData
video = file_of(baseline, "1.2.840.10008.1.2.4.100")
codecs = {"JPEG-LS": JPEGLSLossless, "JPEG 2000": JPEG2000Lossless}


def cropped(syntax):
    dataset = deep()
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.Rows //= 2
    return dataset


colour_jpeg = io.BytesIO()
Image.fromarray(np.repeat(eight.astype(np.uint8)[..., None], 3, -1)).save(colour_jpeg, "JPEG")
tinted = radiograph(eight, 8, 8)
tinted.PixelData = encapsulate([colour_jpeg.getvalue()])
tinted["PixelData"].is_undefined_length = True
refused = {
    "multi-frame": file_of(frames),
    "colour": file_of(colour),
    "no image": file_of(report),
    "video": video,
    **{f"{name} of another size": file_of(cropped(syntax)) for name, syntax in codecs.items()},
    "colours in the compressed image": file_of(tinted, JPEGBaseline8Bit),
}

folder = pathlib.Path(__file__).parent.parent / "src" / "__fixtures__"
(folder / "dicom-reference.json").write_text(
    json.dumps(
        {
            "pydicom": pydicom.__version__,
            "height": HEIGHT,
            "width": WIDTH,
            "cases": cases,
            "refused": {name: base64.b64encode(data).decode() for name, data in refused.items()},
        }
    )
    + "\n"
)

# What exports from archives contain: the same pictures, written in unusual ways. `shown` names what pydicom shows.
pictures = {}


def picture_of(levels):
    """Place of display levels among the pictures, so that equal ones are stored once."""
    text = json.dumps(np.round(np.asarray(levels) * 255, 1).ravel().tolist())
    return pictures.setdefault(text, len(pictures))


exports = []


def export(name, data, levels, **more):
    exports.append({"name": name, "file": base64.b64encode(data).decode(), "shown": picture_of(levels), **more})


def read_anyway(data):
    return pydicom.dcmread(io.BytesIO(data), force=True)


def elements_of(dataset, implicit):
    del dataset.file_meta
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, implicit_vr=implicit, little_endian=True, force_encoding=True)
    return buffer.getvalue()


windowed = file_of(deep())
reference = shown(deep())
export("without preamble", windowed[128:], reference)  # pydicom reads it only without the prefix
export("without preamble and prefix", windowed[132:], shown(read_anyway(windowed[132:])))
for kind, implicit in (("implicit", True), ("explicit", False)):
    data = elements_of(deep(), implicit)
    again = read_anyway(data)
    again.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    export(f"elements only, {kind}", data, shown(again))
lying = windowed.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)
export("explicit, says implicit", lying, shown(read_anyway(lying)))

inverse = deep(PresentationLUTShape="INVERSE")
values = apply_voi_lut(apply_modality_lut(inverse.pixel_array, inverse), inverse)
export("INVERSE", file_of(inverse), apply_presentation_lut(np.round(values).astype("u2"), inverse) / 4095)
# pydicom inverts for either reason and knows nothing of the other; the standard has both mean one inversion (PS3.3, C.8.11.3)
export(
    "INVERSE and MONOCHROME1",
    file_of(deep(photometric="MONOCHROME1", PresentationLUTShape="INVERSE")),
    shown(deep(photometric="MONOCHROME1")),
)
export("IDENTITY", file_of(deep(PresentationLUTShape="IDENTITY")), reference)


def by_percentiles(stored, inside):
    low, high = np.sort(stored[inside].ravel())[[int(0.005 * inside.sum()), int(0.995 * inside.sum())]]
    return np.clip((stored - low) / (high - low), 0, 1)


everywhere = np.ones(twelve.shape, bool)
export("window of width 0", file_of(deep(WindowWidth=0)), by_percentiles(twelve, everywhere))
export(
    "window beside the values",
    file_of(deep(WindowCenter=60000, WindowWidth=400)),
    by_percentiles(twelve, everywhere),
    warns="window-ignored",
)
export(
    "window below the values, 8 bit",
    file_of(radiograph(np.maximum(eight, 40), 8, 8, WindowCenter=10, WindowWidth=20)),
    np.maximum(eight, 40) / 255,
    warns="window-ignored",
)
inside = np.zeros(twelve.shape, bool)
inside[6:-6, 6:-6] = True
centre = np.clip(twelve, 1200, 2600)
for name, padding, signed, limits, photometric in (
    ("padding", [4095], 0, (4095, None), "MONOCHROME2"),
    ("padding from a range", range(0, 60), 0, (0, 59), "MONOCHROME1"),
    ("padding from a falling range, signed", range(-2048, -2040), 2048, (-2041, -2048), "MONOCHROME2"),
):
    stored = np.where(inside, centre - signed, np.resize(list(padding), centre.shape))
    tags = dict(PixelPaddingValue=limits[0])
    if limits[1] is not None:
        tags["PixelPaddingRangeLimit"] = limits[1]
    levels = by_percentiles(stored, inside)
    levels = 1 - levels if photometric == "MONOCHROME1" else levels
    padded = radiograph(stored, 12, 16, photometric=photometric, signed=bool(signed))
    for keyword, value in tags.items():
        padded.add_new(keyword, "SS" if signed else "US", value)
    export(name, file_of(padded), np.where(inside, levels, 0))
export(
    "padding that no pixel can have",
    file_of(deep(PixelPaddingValue=65535)),
    reference,
)


def coded(codes, frames=1, extended=False, **how):
    dataset = radiograph(eight, 8, 8)
    dataset.NumberOfFrames = frames
    if extended:
        dataset.PixelData, dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = encapsulate_extended(codes)
    else:
        dataset.PixelData = encapsulate(codes, **how)
    dataset["PixelData"].is_undefined_length = True
    return file_of(dataset, JPEGBaseline8Bit)


codes, jpegs = [], []
for part in (eight, eight.T.reshape(eight.shape), 255 - eight):
    out = io.BytesIO()
    Image.fromarray(part.astype(np.uint8)).save(out, "JPEG", quality=90)
    codes.append(out.getvalue())
    jpegs.append(np.asarray(Image.open(out)) / 255)
export("extended offset table", coded(codes[:1], extended=True), jpegs[0])
ended = coded(codes[:1])
export("delimiter of undefined length", ended[:-4] + b"\xff" * 4, jpegs[0])
export("no delimiter", ended[:-8], jpegs[0])
for name, data in {
    "a fragment each": coded(codes, 3, has_bot=False),
    "basic offsets": coded(codes, 3, fragments_per_frame=2),
    "two fragments each, no offsets": coded(codes, 3, fragments_per_frame=2, has_bot=False),
    "extended offsets": coded(codes, 3, extended=True),
}.items():
    for frame in (1, 3):
        export(f"frame {frame} of 3, {name}", data, jpegs[frame - 1], frame=frame)
many = deep()
many.NumberOfFrames = 2
many.PixelData = (4095 - twelve).astype("<u2").tobytes() + many.PixelData
export("frame 2 of 2, uncompressed", file_of(many), reference, frame=2)

nested = deep()
private = Dataset()
private.add_new((0x0009, 0x0010), "LO", "MAKER")
private.add_new((0x0009, 0x1001), "UN", b"\1\2\3\4")
deeper = Dataset()
deeper.ReferencedImageSequence = [private]
deeper["ReferencedImageSequence"].is_undefined_length_sequence_item = True
deeper.is_undefined_length_sequence_item = True
nested.ReferencedStudySequence = [deeper]
nested["ReferencedStudySequence"].is_undefined_length = True
deeper["ReferencedImageSequence"].is_undefined_length = True
export("sequences of undefined length", file_of(nested), reference)
export("sequences of undefined length, implicit", file_of(nested, ImplicitVRLittleEndian), reference)

directory = Dataset()
directory.file_meta = FileMetaDataset()
directory.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
directory.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["directory"])
directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
directory.FileSetID = "TEST"
directory.DirectoryRecordSequence = []
broken = {"DICOMDIR": file_of(directory)}
(folder / "dicom-exports.json").write_text(
    json.dumps(
        {
            "pydicom": pydicom.__version__,
            "cases": exports,
            "pictures": [json.loads(text) for text in pictures],
            "refused": {name: base64.b64encode(data).decode() for name, data in broken.items()},
        }
    )
    + "\n"
)
