// How `changeset version` writes the changelogs: each change with a link to its commit, and one line for all dependencies.
const REPOSITORY = 'https://github.com/idspace/idspace';

/** A change, as a list item. @returns '- What changed. ([1234567](…/commit/…))' */
async function getReleaseLine({ summary, commit }) {
  const [first, ...rest] = summary.trim().split('\n\n');
  const link = commit === undefined ? '' : ` ([${commit.slice(0, 7)}](${REPOSITORY}/commit/${commit}))`;
  const paragraphs = [`${first}${link}`, ...rest].join('\n\n');
  return `- ${paragraphs.replaceAll(/\n(?=.)/g, '\n  ')}`;
}

/** What a package uses from here on. Its dependencies' changelogs say why, so the changesets are not repeated. */
async function getDependencyReleaseLine(_changesets, dependencies) {
  if (dependencies.length === 0) return '';
  const links = dependencies.map(({ name, newVersion, packageJson }) => {
    const anchor = newVersion.replaceAll('.', '');
    return `[${name} ${newVersion}](${REPOSITORY}/blob/main/${packageJson.repository.directory}/CHANGELOG.md#${anchor})`;
  });
  return `- Uses ${links.join(', ')}.`;
}

module.exports = { getReleaseLine, getDependencyReleaseLine };
