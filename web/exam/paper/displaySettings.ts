import { reactive, watchEffect } from 'vue';

/** How somebody likes to read and move; remembered on this device. */
export interface Reading {
  size: Size;
  contrast: boolean;
  /** Single keys choose, move and mark; whom that disturbs turns it off. */
  keys: boolean;
}

export const SIZES = ['normal', 'large', 'largest'] as const;
export type Size = (typeof SIZES)[number];

const NAME = 'invigil.reading';

export const reading = reactive<Reading>(remembered());

watchEffect(() => {
  const { dataset } = document.documentElement;
  dataset.size = reading.size;
  dataset.contrast = reading.contrast ? 'high' : 'normal';
  try {
    localStorage.setItem(NAME, JSON.stringify(reading));
  } catch {
    // A browser that stores nothing forgets the choice; nothing else depends on it.
  }
});

function remembered(): Reading {
  const usual: Reading = { size: 'normal', contrast: false, keys: true };
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Reading>;
    const size = SIZES.find((name) => name === kept.size) ?? usual.size;
    return { size, contrast: kept.contrast === true, keys: kept.keys !== false };
  } catch {
    return usual;
  }
}
