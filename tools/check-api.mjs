/**
 * Compares what every entry of every package exports with its committed report (packages/<name>/api). Needs a build.
 *
 *   pnpm check:api              fails on any difference
 *   pnpm check:api --update     writes the reports
 *
 * Both refuse to let anything public go or change without a changeset that says so: `major`, or below 1.0.0 `minor` with a text
 * that begins with `Breaking:`.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readChangesets from '@changesets/read';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { entriesOf, PACKAGES, ROOT } from './workspace.mjs';

const isUpdate = process.argv.includes('--update');
const changesets = await readChangesets(ROOT);
const temporary = mkdtempSync(join(tmpdir(), 'xray-api-'));
let failed = false;

for (const info of PACKAGES) {
  const { name, folder } = info;
  const reports = join(folder, 'api');
  mkdirSync(reports, { recursive: true });
  const found = new Map(entriesOf(info).map(({ entry }) => [`${entry}.api.md`, reportOf(info, entry)]));
  for (const file of readdirSync(reports)) if (!found.has(file)) found.set(file, undefined);

  for (const [file, report] of found) {
    const path = join(reports, file);
    const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (report === committed) continue;
    const lost = linesLost(committed, report ?? '');
    if (lost.length > 0 && !mayBreak(info)) {
      failed = true;
      console.error(
        `${name} (${file.slice(0, -7)}) would lose or change what is public:\n${lost.map((line) => `  - ${line}`).join('\n')}\n` +
          'Keep it, or say so in a changeset (`pnpm changeset`): major; below 1.0.0 minor, its text beginning with "Breaking:".',
      );
    } else if (!isUpdate) {
      failed = true;
      console.error(
        `${path.slice(ROOT.length + 1)} is not up to date: run \`pnpm check:api --update\` and commit it`,
      );
    } else if (report === undefined) rmSync(path);
    else writeFileSync(path, report);
  }
}
rmSync(temporary, { recursive: true, force: true });
if (failed) process.exit(1);
console.log('The public names are as the reports say.');

/** The report of api-extractor on one entry. */
function reportOf({ name, folder, manifest }, entry) {
  const { types } = manifest.publishConfig.exports[entry === 'index' ? '.' : `./${entry}`];
  const reportFolder = join(temporary, name);
  mkdirSync(reportFolder, { recursive: true });
  const configuration = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: entry,
        reportFolder,
        reportTempFolder: join(reportFolder, 'temporary'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: { 'ae-undocumented': { logLevel: 'none' } } },
      newlineKind: 'lf',
    },
    packageJsonFullPath: join(folder, 'package.json'),
  });
  Extractor.invoke(configuration, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== 'error';
    },
  });
  return readFileSync(join(reportFolder, `${entry}.api.md`), 'utf8');
}

/** Lines of declarations that a newer report lacks, declaration by declaration. */
function linesLost(older, newer) {
  const declarations = declarationsOf(newer);
  return [...declarationsOf(older)].flatMap(([declaration, lines]) => {
    const left = [...(declarations.get(declaration) ?? [])];
    return lines.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  });
}

/** Lines of code by the declaration they belong to; overloads share a name. */
function declarationsOf(report) {
  const declarations = new Map();
  for (const block of report.split(/\n{2,}/)) {
    const lines = block.split('\n').filter((line) => !/^\s*(\/\/|>|#|```|import |$)/.test(line));
    if (lines.length === 0) continue;
    const name = /^export .*?\b(?:class|const|enum|function|interface|namespace|type) (\w+)/.exec(lines[0]);
    const key = name?.[1] ?? lines[0];
    declarations.set(key, [...(declarations.get(key) ?? []), ...lines]);
  }
  return declarations;
}

function mayBreak({ name, manifest }) {
  return changesets.some(({ releases, summary }) => {
    const type = releases.find((release) => release.name === name)?.type;
    return (
      type === 'major' ||
      (type === 'minor' && manifest.version.startsWith('0.') && /^Breaking:/.test(summary))
    );
  });
}
