// The changelogs of the packages, as .changeset/config.json names it: the usual lines, but one for each dependency instead of
// one for each of its changes.
const { default: usual } = require('@changesets/cli/changelog');

module.exports = {
  getReleaseLine: usual.getReleaseLine,
  getDependencyReleaseLine: async (_changesets, dependencies) =>
    dependencies.map(({ name, newVersion }) => `- Uses ${name} ${newVersion}.`).join('\n'),
};
