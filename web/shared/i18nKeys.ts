import type { Catalogue } from './i18n';

/** All keys of a catalogue, as paths with their placeholders: what two languages must share. */
export function keysOf(catalogue: Catalogue, path = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, text]) => {
    const here = path ? `${path}.${key}` : key;
    if (typeof text !== 'string') return keysOf(text, here);
    const holes = [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1] ?? '');
    return [`${here}(${[...new Set(holes)].sort().join()})`];
  });
}
