import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../shared/i18n';
import { TEXTS } from '.';

function textsOf(catalogue: Catalogue, path = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : textsOf(value, `${path}${key}.`),
  );
}

const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((gap) => gap[1]).sort();

describe('the catalogues', () => {
  const english = new Map(textsOf(TEXTS.en));
  const chinese = new Map(textsOf(TEXTS['zh-CN']));

  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('fill the same gaps, and leave nothing empty', () => {
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      expect(gaps(english.get(key) ?? ''), key).toEqual(gaps(text));
    }
  });
});
