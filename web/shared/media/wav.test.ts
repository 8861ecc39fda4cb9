import { describe, expect, it } from 'vitest';
import { encodeWav } from './wav';

async function read(samples: number[], rate = 16_000): Promise<DataView> {
  return new DataView(await encodeWav(Float32Array.from(samples), rate).arrayBuffer());
}

function letters(bytes: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => bytes.getUint8(offset + index)));
}

describe('a WAV file', () => {
  it('says what it holds', async () => {
    const bytes = await read([0, 0, 0]);
    expect([0, 8, 12, 36].map((offset) => letters(bytes, offset))).toEqual([
      'RIFF',
      'WAVE',
      'fmt ',
      'data',
    ]);
    expect(bytes.byteLength).toBe(44 + 6);
    expect(bytes.getUint32(4, true)).toBe(bytes.byteLength - 8);
    expect(bytes.getUint16(22, true)).toBe(1);
    expect(bytes.getUint32(24, true)).toBe(16_000);
    expect(bytes.getUint32(28, true)).toBe(32_000);
    expect(bytes.getUint32(40, true)).toBe(6);
  });

  it('holds the samples as 16-bit numbers, bounded', async () => {
    const bytes = await read([0, 1, -1, 0.5, 2, -2]);
    const levels = [0, 1, 2, 3, 4, 5].map((index) => bytes.getInt16(44 + index * 2, true));
    expect(levels).toEqual([0, 32767, -32768, 16384, 32767, -32768]);
  });
});
