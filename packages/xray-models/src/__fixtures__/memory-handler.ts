import type { io } from '@tensorflow/tfjs-core';

/** Keeps artifacts as a file system would: through JSON and bytes. */
export function memoryHandler() {
  const saved: { artifacts?: io.ModelArtifacts } = {};
  const handler: io.IOHandler = {
    save: async (artifacts) => {
      const { weightData, ...json } = artifacts;
      saved.artifacts = {
        ...JSON.parse(JSON.stringify(json)),
        weightData: (weightData as ArrayBuffer).slice(0),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
    load: async () => saved.artifacts!,
  };
  return { handler, saved };
}
