#!/usr/bin/env bash
# Builds the native addon of @tensorflow/tfjs-node against the TensorFlow library in a wheel from PyPI, for machines that cannot
# reach the host its install script downloads from:
#
#   build-tfjs-node.sh <folder> [tensorflow version]
#   NODE_PATH=<folder>/node_modules npx xray-node-gpu doctor --device node
#
# Linux; needs npm, pip, unzip, make and a C++ compiler, 1.5 GB of disk. Node's headers are taken from beside the running Node; where
# they are not there, node-gyp downloads them, or npm_config_nodedir names the prefix that has them in include/node. Nothing
# outside the folder is changed.
set -euo pipefail
folder=${1:?usage: build-tfjs-node.sh <folder> [tensorflow version]}
tensorflow=${2:-2.15.1}
mkdir -p "$folder"
cd "$folder"

# 4.22 expects the C API of TensorFlow 2.9, which later versions keep.
[ -f package.json ] || echo '{ "private": true }' >package.json
npm install --ignore-scripts --no-audit --no-fund \
  @tensorflow/tfjs-node@4.22.0 @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0

# The library does not depend on the version of Python, its wheel is named after one.
python3 -m pip download --quiet --no-deps --only-binary=:all: --dest wheel \
  --implementation cp --python-version 3.11 --platform "manylinux2014_$(uname -m)" "tensorflow-cpu==$tensorflow"
package=$PWD/node_modules/@tensorflow/tfjs-node
rm -rf "$package/deps"
mkdir -p "$package/deps/lib"
unzip -q -o wheel/tensorflow_cpu-"$tensorflow"-*.whl \
  'tensorflow/include/tensorflow/*' 'tensorflow/include/tsl/*' 'tensorflow/include/xla/*' \
  'tensorflow/libtensorflow_cc.so.2' 'tensorflow/libtensorflow_framework.so.2' -d wheel
mv wheel/tensorflow/include "$package/deps/include"
mv wheel/tensorflow/libtensorflow_*.so.2 "$package/deps/lib"
rm -r wheel/tensorflow
# The C API lives in the C++ library; the linker looks for it by these names.
ln -s libtensorflow_cc.so.2 "$package/deps/lib/libtensorflow.so"
ln -s libtensorflow_framework.so.2 "$package/deps/lib/libtensorflow_framework.so"

prefix=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
if [ -f "$prefix/include/node/node_api.h" ]; then export npm_config_nodedir=${npm_config_nodedir:-$prefix}; fi
cd "$package"
../../.bin/node-pre-gyp install --build-from-source
node -e 'const tf = require("."); console.log("TensorFlow", tf.backend().binding.TF_Version, "works:", tf.add(1, 2).dataSync()[0] === 3)'
