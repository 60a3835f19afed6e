// The same with a network of your own: node own-network.js ./chest_xray
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { changeRecipe, RECIPES, runExperiment } from 'xray-cli';
import { selectDevice } from 'xray-node-gpu';

const createModel = ({ imageShape, classes }) =>
  sequential({
    layers: [
      layers.conv2d({ inputShape: imageShape, filters: 16, kernelSize: 5, strides: 2, activation: 'relu' }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
const device = await selectDevice();
const { evaluation } = await runExperiment({
  device,
  createModel,
  data: process.argv[2] ?? 'images',
  output: `runs/own-network-${Date.now()}`,
  recipe: changeRecipe(RECIPES.robust, { imageSize: 64, epochs: 8 }),
});
console.log(`AUROC ${evaluation.auroc}. Research only, not a medical device.`);
device.dispose();
