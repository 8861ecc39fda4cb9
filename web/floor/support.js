/**
 * What the oldest supported browsers know, by MDN's tables (browser-compat-data).
 *
 * `floor.json` names these browsers for everything: the build, the linter, this check, the page
 * that opens before its scripts, the help and the guides.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const data = createRequire(import.meta.url)('@mdn/browser-compat-data');

/** The oldest supported version of each browser. */
export const FLOOR = JSON.parse(readFileSync(new URL('floor.json', import.meta.url), 'utf8'));

/** The targets of the build, in esbuild's and Lightning CSS's words. */
export const BUILD_TARGETS = Object.entries(FLOOR).map(
  ([browser, version]) => `${browser === 'safari_ios' ? 'ios' : browser}${version}`,
);

/**
 * The browsers at the floor that lack a feature, such as `firefox 102`; empty where all have it or
 * MDN's tables do not list it. `path` leads to the feature: `['api', 'AbortSignal', 'any']`.
 */
export function missingIn(path) {
  const compat = path.reduce((node, key) => node?.[key], data)?.__compat;
  if (!compat) return [];
  return Object.entries(FLOOR)
    .filter(([browser, version]) => !hasFeature(compat.support[browser], version))
    .map(([browser, version]) => `${browser} ${version}`);
}

/** Whether MDN's tables list a feature. */
export function isKnown(path) {
  return path.reduce((node, key) => node?.[key], data)?.__compat !== undefined;
}

/** Whether a browser of a version has a feature without a prefix or a switch. */
function hasFeature(support, version) {
  const statements = Array.isArray(support) ? support : [support];
  return statements.some((statement) => {
    if (!statement || statement.prefix || statement.alternative_name || statement.flags)
      return false;
    const { version_added: added, version_removed: removed } = statement;
    if (!added || added === 'preview' || isAtMost(removed, version)) return false;
    return isAtMost(added, version);
  });
}

const isAtMost = (version, limit) =>
  typeof version === 'string' && compareVersions(version.replace('≤', ''), limit) <= 0;

function compareVersions(first, second) {
  const [parts, others] = [first, second].map((version) => version.split('.').map(Number));
  const index = [0, 1].find((part) => (parts[part] ?? 0) !== (others[part] ?? 0));
  return index === undefined ? 0 : (parts[index] ?? 0) - (others[index] ?? 0);
}
