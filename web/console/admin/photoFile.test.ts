import { afterEach, describe, expect, it, vi } from 'vitest';
import { fittedSize, preparePhoto } from './photoFile';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

describe('a registration photo', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is sent as it is where it is a JPEG within the limit', async () => {
    const file = new File([JPEG], '1.jpg');
    expect(await preparePhoto(file, 100)).toBe(file);
  });

  it('is named where the browser cannot open it, whatever its name says', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('HEIC')));
    expect(await preparePhoto(new File(['ftypheic'], '1.jpg'), 100)).toBe('unreadable');
    expect(await preparePhoto(new File([JPEG], '1.jpg'), 3)).toBe('unreadable');
  });

  it('keeps its proportions when it is scaled down, and is never enlarged', () => {
    expect(fittedSize({ width: 4_000, height: 3_000 }, 1_600)).toEqual({
      width: 1_600,
      height: 1_200,
    });
    expect(fittedSize({ width: 295, height: 413 }, 1_600)).toEqual({ width: 295, height: 413 });
  });
});
