import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain-failure.js';

// What the libraries really print and throw (tfjs-node 4.22, TensorFlow 2.9, Dawn).
const SEEN = [
  [
    'node',
    "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/lib/napi-v8/tfjs_binding.node.\nPlease run command 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source'",
    /installed without its native part/,
    /npm rebuild package --build-addon-from-source/,
  ],
  [
    'node',
    'libtensorflow.so.2: cannot open shared object file: No such file or directory',
    /cannot find the TensorFlow library/,
    /npm rebuild package/,
  ],
  [
    'node',
    "The module '/x/tfjs_binding.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115.",
    /compiled for another version of Node than v\d+/,
    /rebuild/,
  ],
  [
    'node',
    "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by x)",
    /C library is too old \(GLIBCXX_3\.4\.30' not found\)/,
    /newer distribution/,
  ],
  [
    'node-gpu',
    "Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file\nit does not use the GPU",
    /CUDA library libcudart\.so\.11\.0 is missing or of another version/,
    /CUDA 11\.2 and cuDNN 8\.1/,
  ],
  [
    'node-gpu',
    'failed call to cuInit: UNKNOWN ERROR (803): CUDA driver version is insufficient for CUDA runtime version',
    /the NVIDIA driver is older than CUDA 11\.2 needs/,
    /450\.80/,
  ],
  [
    'node-gpu',
    'Loaded runtime CuDNN library: 8.0.5 but source was compiled with: 8.1.0.  CuDNN library needs to have matching major version',
    /cuDNN 8\.0\.5 is not the version it needs/,
    /cuDNN 8\.1/,
  ],
  [
    'node-gpu',
    'Could not create cudnn handle: CUDNN_STATUS_NOT_INITIALIZED',
    /cuDNN does not work with this GPU/,
    /cuDNN 8\.1/,
  ],
  ['node', 'TypeError: tf.ready is not a function', /package is installed incompletely/, /Install it again/],
  [
    'node-gpu',
    "Could not load dynamic library 'libcudnn.so.8'",
    /CUDA library libcudnn\.so\.8/,
    /CUDA 11\.2/,
  ],
  [
    'node-gpu',
    'failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
    /no usable NVIDIA GPU/,
    /nvidia-smi/,
  ],
  [
    'node-gpu',
    'failed to allocate 76.9M: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
    /too little free memory/,
    /CUDA_VISIBLE_DEVICES/,
  ],
  [
    'webgpu',
    "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory\nrequestAdapter() gave null: no graphics driver",
    /the Vulkan loader, libvulkan\.so\.1, is missing/,
    /libvulkan1/,
  ],
  ['webgpu', 'requestAdapter() gave null: no graphics driver', /no graphics adapter/, /Vulkan driver/],
  ['node', 'the process that tried it was ended by SIGILL', /lacks instructions/, /wasm/],
] as const;

describe('explainFailure', () => {
  it.each(SEEN)('%s: %s', (kind, output, reason, fix) => {
    const explained = explainFailure(kind, output, 'package');
    expect(explained.reason).toMatch(reason);
    expect(explained.fix).toMatch(fix);
  });

  it('gives the last line of what it does not know', () => {
    expect(explainFailure('node', 'first\nSomething new happened\n', 'package')).toEqual({
      reason: 'Something new happened',
    });
    expect(explainFailure('node', '', 'package').reason).toBe('it ended without a word');
  });

  it('does not blame CUDA for the failure of another device', () => {
    expect(explainFailure('node', 'libcudart.so.11.0 warning\nreal problem', 'package').reason).toBe(
      'real problem',
    );
  });
});
