import { physicalCores } from '../worker-pool/physical-cores.js';
import type { DeviceStarter } from './device.js';

/** Workers of the portable backends, which compute on one thread each. */
export const THREADS: DeviceStarter['workers'] = {
  most: Number.POSITIVE_INFINITY,
  byDefault: physicalCores,
};
