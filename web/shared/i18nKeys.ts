import type { Catalogue } from './i18n';

/** All keys of a catalogue, as paths with their placeholders: what two languages must share. */
export function catalogueKeys(catalogue: Catalogue, path = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, text]) => {
    const here = path ? `${path}.${key}` : key;
    if (typeof text !== 'string') return catalogueKeys(text, here);
    const placeholders = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    return [`${here}(${[...new Set(placeholders)].sort().join()})`];
  });
}
