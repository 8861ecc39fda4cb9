import { reactive, watchEffect } from 'vue';
import { deviceStore, loadJson, saveJson } from '../../shared/storage';

/** How somebody likes to read and move; remembered on this device. */
export interface DisplaySettings {
  size: Size;
  contrast: boolean;
  /** Single keys choose, move and mark; whom that disturbs turns it off. */
  keys: boolean;
}

export const SIZES = ['normal', 'large', 'largest'] as const;
export type Size = (typeof SIZES)[number];

const STORAGE_KEY = 'invigil.reading';

export const displaySettings = reactive<DisplaySettings>(loadSettings());

watchEffect(() => {
  const { dataset } = document.documentElement;
  dataset.size = displaySettings.size;
  dataset.contrast = displaySettings.contrast ? 'high' : 'normal';
  saveJson(deviceStore, STORAGE_KEY, displaySettings);
});

function loadSettings(): DisplaySettings {
  const defaults: DisplaySettings = { size: 'normal', contrast: false, keys: true };
  const saved = (loadJson(deviceStore, STORAGE_KEY) ?? {}) as Partial<DisplaySettings>;
  const size = SIZES.find((name) => name === saved.size) ?? defaults.size;
  return { size, contrast: saved.contrast === true, keys: saved.keys !== false };
}
