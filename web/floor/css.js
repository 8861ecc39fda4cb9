/** CSS that the oldest supported browsers lack, by MDN's tables. */
import postcss from 'postcss';
import { missingIn } from './support.js';

/**
 * What may be used above the floor, and what a browser without it shows. Everything else has to be
 * written in another way.
 */
const OPTIONAL = {
  '@page': 'the browser’s own margins on paper',
  'align-content: start': 'lists MDN’s word for flex boxes; in grids it is older',
  'align-self: start': 'lists MDN’s word for flex boxes; in grids it is older',
  'align-self: end': 'lists MDN’s word for flex boxes; in grids it is older',
  'accent-color': 'boxes and dots in the browser’s own colour',
  'content-visibility': 'what is off the screen is painted, too',
  'text-wrap': 'lines break as they come',
  contain: 'more is laid out again than has to be',
  'contain-intrinsic-height': 'goes with content-visibility',
  'contain-intrinsic-size': 'goes with content-visibility',
  'container-type': 'ui/AspectBox.vue measures by script',
  'container query units': 'ui/AspectBox.vue measures by script',
  cursor: 'phones have none',
  resize: 'the field keeps its size',
  size: 'of `@page`: the printer’s own paper',
  'user-select': 'stands beside its prefixed form',
};

/** Units that are newer than the others, and where MDN's tables list them. */
const UNITS = [
  [
    'dynamic viewport units',
    /\d(?:dv|sv|lv)(?:h|w|min|max|i|b)\b/,
    'viewport_percentage_units_dynamic',
  ],
  ['container query units', /\dcq(?:h|w|min|max|i|b)\b/, 'container_query_length_units'],
];

/** The pieces of a style sheet that are above the floor, each with where it is missing. */
export function tooNewCss(
  css,
  isOptional = (name) => name in OPTIONAL || name.split(':')[0] in OPTIONAL,
) {
  const found = new Map();
  const note = (name, path) => {
    const browsers = missingIn(['css', ...path]);
    if (browsers.length > 0 && !isOptional(name)) found.set(name, browsers);
  };
  const root = postcss.parse(css);
  root.walkAtRules(({ name, params }) => {
    if (!name.startsWith('-')) note(`@${name}`, ['at-rules', name]);
    if (name !== 'media') return;
    if (/[<>]/.test(params)) note(`@media ${params}`, ['at-rules', 'media', 'range_syntax']);
    // `not` before a feature alone is of the same level as ranges; before a type it is old.
    if (/\bnot\s*\(/.test(params)) note(`@media ${params}`, ['at-rules', 'media', 'range_syntax']);
    for (const [, feature] of params.matchAll(/\(\s*([a-z-]+)\s*[:)]/g))
      note(`@media (${feature})`, ['at-rules', 'media', feature]);
  });
  root.walkRules(({ selector }) => {
    for (const [, name] of selector.matchAll(/::?([a-z-]+)/g))
      if (!name.startsWith('-')) note(`:${name}`, ['selectors', name]);
  });
  root.walkDecls((declaration) => {
    const { prop, value } = declaration;
    if (prop.startsWith('-')) return;
    note(prop, ['properties', prop]);
    for (const word of value.split(/[\s,()]+/))
      if (/^[a-z][a-z-]*$/.test(word)) note(`${prop}: ${word}`, ['properties', prop, word]);
    for (const [, name] of value.matchAll(/([a-z-]+)\(/g)) {
      note(`${name}()`, ['types', name]);
      note(`${name}()`, ['types', 'color', name]);
    }
    for (const [name, pattern, unit] of UNITS)
      if (pattern.test(value) && !hasFallback(declaration, pattern))
        note(name, ['types', 'length', unit]);
  });
  return found;
}

/** Whether the same property was given before in a way that every browser reads. */
function hasFallback(declaration, pattern) {
  const earlier = declaration.parent.nodes.slice(0, declaration.parent.index(declaration));
  return earlier.some((node) => node.prop === declaration.prop && !pattern.test(node.value));
}
