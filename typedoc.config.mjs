import { OptionDefaults } from 'typedoc';

/** The API reference: every entry point (`index.ts`) of every package, from its TypeScript source. */
export default {
  name: 'xray',
  entryPointStrategy: 'packages',
  entryPoints: ['packages/*'],
  packageOptions: {
    entryPoints: ['src/**/index.ts'],
    tsconfig: '../../tsconfig.docs.json',
    disableSources: true,
    excludeInternal: true,
    excludeProtected: true,
    modifierTags: [...OptionDefaults.modifierTags, '@nocollapse'], // for TensorFlow.js
    requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Variable'],
    validation: { notExported: true, invalidLink: true, notDocumented: true },
  },
  readme: 'README.md',
  out: 'docs/api',
  treatWarningsAsErrors: true,
};
