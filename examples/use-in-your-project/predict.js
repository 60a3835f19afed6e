// Classifies images with the trained model in the box: node predict.js scan1.jpeg scans/
import { predictFolder } from 'xray-cli';
import { selectDevice } from 'xray-node-gpu';

const device = await selectDevice();
const { predictions, notice } = await predictFolder({ device, images: process.argv.slice(2) });
for (const { file, className, probabilities } of predictions) console.log(file, className, probabilities);
console.log(notice);
device.dispose();
