/**
 * Tries one device in a process of its own, because native modules can crash, print or hang:
 *
 *   node probe-child.mjs '{"kind":"webgpu","modules":{"webgpu":"/…/index.js"},"software":false}'
 *
 * The last line of stdout that starts with XRAY_PROBE holds the facts as JSON, or `{"error": "…"}`.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const { kind, modules, software } = JSON.parse(process.argv[2]);
const load = async (name) => (await import(pathToFileURL(modules[name]).href)) ?? {};
const plain = (module) => module.default ?? module;

// Gone since Node 23, still called by tfjs-node 4.22 (tensorflow/tfjs#8609).
if (typeof util.isNullOrUndefined !== 'function') {
  createRequire(import.meta.url)('node:util').isNullOrUndefined = (value) =>
    value === null || value === undefined;
}
process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';

async function probeNative(name) {
  const tf = plain(await load(name));
  await tf.ready();
  const backend = tf.backend();
  const product = tf.tidy(() => Array.from(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()));
  if (product.some((value) => value !== 3)) throw new Error(`it computes 1+1+1 as ${product}`);
  // A convolution needs cuDNN, a product of matrices does not.
  const sums = tf.tidy(() =>
    Array.from(tf.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([3, 3, 1, 1]), 1, 'valid').dataSync()),
  );
  if (sums[0] !== 9) throw new Error(`it convolves nine ones to ${sums}`);
  return {
    versions: { [name]: tf.version['tfjs-node'] ?? tf.version_core, tensorflow: backend.binding?.TF_Version },
    usesGpu: Boolean(backend.isUsingGpuDevice),
  };
}

async function probeWebGpu() {
  const { create, globals } = await load('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('requestAdapter() gave null: no graphics driver');
  const { vendor, architecture, description, device: model, isFallbackAdapter } = adapter.info;
  const isSoftware =
    Boolean(isFallbackAdapter) ||
    /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
  const facts = {
    adapter: [model || `${vendor} ${architecture}`.trim(), description && `(${description})`]
      .filter(Boolean)
      .join(' '),
    isSoftware,
    largestBufferMegabytes: Math.round(adapter.limits.maxStorageBufferBindingSize / 2 ** 20),
  };
  if (isSoftware && !software) return facts;
  const device = await adapter.requestDevice();
  device.destroy();
  return facts;
}

const answer = await (kind === 'webgpu' ? probeWebGpu() : probeNative(Object.keys(modules)[0])).catch(
  (error) => ({
    error: error instanceof Error ? error.message : String(error),
  }),
);
process.stdout.write(`\nXRAY_PROBE ${JSON.stringify(answer)}\n`, () => process.exit(0));
