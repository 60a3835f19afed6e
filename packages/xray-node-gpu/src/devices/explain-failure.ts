import type { DeviceKind } from './device.js';

/** Why a device does not work, for people. */
export interface FailureExplanation {
  readonly reason: string;
  readonly fix?: string | undefined;
}

interface KnownFailure {
  readonly pattern: RegExp;
  /** Kinds it applies to. @default all */
  readonly kinds?: readonly DeviceKind[] | undefined;
  explain(match: RegExpMatchArray, packageName: string): FailureExplanation;
}

const CUDA_FIX =
  'tfjs-node-gpu 4.22 needs CUDA 11.2 and cuDNN 8.1 on the library path, whatever newer version is installed; a container with them is the simplest way (docs/devices.md).';

/** First match wins; what the libraries print and throw, as seen with version 4.22. */
const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    pattern: /native addon module \(tfjs_binding\.node\)|Cannot find module '[^']*tfjs_binding\.node'/,
    explain: (_, name) => ({
      reason: `${name} is installed without its native part: its install script did not run or could not download`,
      fix: `Allow its install script (pnpm: allowBuilds), then \`npm rebuild ${name} --build-addon-from-source\`.`,
    }),
  },
  {
    pattern: /libtensorflow[\w.]*: cannot open shared object/,
    explain: (_, name) => ({
      reason: `${name} cannot find the TensorFlow library that its install script downloads`,
      fix: `Reinstall it where downloads are allowed: \`npm rebuild ${name}\`.`,
    }),
  },
  {
    pattern: /NODE_MODULE_VERSION (\d+)|compiled against a different Node\.js version/,
    explain: (_, name) => ({
      reason: `${name} was compiled for another version of Node than ${process.version}`,
      fix: `\`npm rebuild ${name} --build-addon-from-source\``,
    }),
  },
  {
    pattern: /GLIBC(?:XX)?_[\d.]+' not found/,
    explain: ([version]) => ({
      reason: `the system's C library is too old (${version})`,
      fix: 'Use a newer distribution or container.',
    }),
  },
  {
    kinds: ['node-gpu'],
    pattern: /CUDA driver version is insufficient|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/,
    explain: () => ({
      reason: 'the NVIDIA driver is older than CUDA 11.2 needs',
      fix: 'Update the driver (450.80 or newer on Linux, 452.39 or newer on Windows).',
    }),
  },
  {
    kinds: ['node-gpu'],
    pattern:
      /Loaded runtime CuDNN library: ([\d.]+)|CUDNN_STATUS_\w+|cudnn handle|cuDNN failed to initialize/i,
    explain: ([, version]) => ({
      reason: version
        ? `cuDNN ${version} is not the version it needs`
        : 'cuDNN does not work with this GPU and driver',
      fix: CUDA_FIX,
    }),
  },
  {
    kinds: ['node-gpu'],
    pattern: /(lib(?:cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn)[\w.]*)/,
    explain: ([, library]) => ({
      reason: `the CUDA library ${library} is missing or of another version`,
      fix: CUDA_FIX,
    }),
  },
  {
    kinds: ['node-gpu'],
    pattern: /failed call to cuInit|CUDA_ERROR_NO_DEVICE|no CUDA-capable device|does not use the GPU/i,
    explain: () => ({
      reason: 'TensorFlow found no usable NVIDIA GPU',
      fix: `Check that \`nvidia-smi\` lists one. ${CUDA_FIX}`,
    }),
  },
  {
    pattern: /out of memory|OUT_OF_MEMORY|RESOURCE_EXHAUSTED/i,
    explain: () => ({
      reason: 'the GPU has too little free memory to start',
      fix: 'End the other programs on it (`nvidia-smi` lists them), or choose another GPU with CUDA_VISIBLE_DEVICES.',
    }),
  },
  {
    kinds: ['webgpu'],
    pattern: /Couldn't load Vulkan|libvulkan\.so\.1: cannot open/,
    explain: () => ({
      reason: 'the Vulkan loader, libvulkan.so.1, is missing',
      fix: 'Install it (Debian and Ubuntu: libvulkan1) and the Vulkan driver of the GPU.',
    }),
  },
  {
    kinds: ['webgpu'],
    pattern: /no graphics driver|requestAdapter/,
    explain: () => ({
      reason: 'no graphics adapter was found',
      fix: 'Install the driver of the GPU (on Linux its Vulkan driver: the one of NVIDIA, or mesa-vulkan-drivers).',
    }),
  },
  {
    pattern: /is not a function|Cannot read properties of undefined|Unexpected end of|is not a valid/,
    explain: ([problem], name) => ({
      reason: `${name} is installed incompletely (${problem})`,
      fix: `Install it again: remove node_modules/${name}, then install.`,
    }),
  },
  {
    pattern: /SIGILL/,
    explain: () => ({
      reason: 'the processor lacks instructions that the native library uses (AVX)',
      fix: 'Use wasm, which needs none of them.',
    }),
  },
];

/**
 * Turns what a failed device threw and printed into a sentence and, where known, what to do.
 *
 * @param packageName - The optional package that failed.
 */
export function explainFailure(kind: DeviceKind, output: string, packageName: string): FailureExplanation {
  for (const { pattern, kinds, explain } of KNOWN_FAILURES) {
    const match = !kinds || kinds.includes(kind) ? output.match(pattern) : null;
    if (match) return explain(match, packageName);
  }
  const lastLine = output.trim().split('\n').at(-1)?.trim();
  return { reason: lastLine || 'it ended without a word' };
}
