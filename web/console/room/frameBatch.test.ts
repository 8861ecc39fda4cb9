import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFrameBatch } from './frameBatch';

describe('once for each frame', () => {
  let frames: (() => void)[] = [];
  const draw = () => frames.splice(0).forEach((callback) => callback());

  beforeEach(() => {
    frames = [];
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (act: () => void) => frames.push(act));
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('hands over what came, in order, and nothing twice', () => {
    const batches: (readonly number[])[] = [];
    const batch = createFrameBatch<number>((items) => batches.push(items));
    [1, 2, 3].forEach(batch.add);
    expect(batches).toEqual([]);
    draw();
    batch.add(4);
    draw();
    vi.advanceTimersByTime(5_000);
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it('keeps up where no frame comes', () => {
    const batches: (readonly number[])[] = [];
    const batch = createFrameBatch<number>((items) => batches.push(items));
    [1, 2].forEach(batch.add);
    vi.advanceTimersByTime(500);
    expect(batches).toEqual([[1, 2]]);
  });

  it('says nothing more once it was stopped', () => {
    const batches: unknown[] = [];
    const batch = createFrameBatch<number>((items) => batches.push(items));
    batch.add(1);
    batch.stop();
    vi.advanceTimersByTime(5_000);
    expect(batches).toEqual([]);
  });
});
