// Trains on a folder with NORMAL and PNEUMONIA in it, and writes a report: node train.js ./chest_xray
import { runExperiment } from 'xray-cli';
import { selectDevice } from 'xray-node-gpu';

const device = await selectDevice();
const onEvent = (event) => event.type === 'epoch-end' && console.log(`epoch ${event.epoch + 1}`, event.logs);
const [data, output] = [process.argv[2] ?? 'images', `runs/${Date.now()}`];
const { folder, evaluation } = await runExperiment({ device, recipe: 'robust', data, output, onEvent });
console.log(`AUROC ${evaluation.auroc}: ${folder}/report.html. Research only, not a medical device.`);
device.dispose();
