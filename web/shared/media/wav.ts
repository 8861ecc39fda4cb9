const HEADER = 44;

/** Encode a WAV file: one channel, 16-bit PCM. `samples` are -1..1, `rate` is samples a second. */
export function encodeWav(samples: Float32Array, rate: number): Blob {
  const bytes = new DataView(new ArrayBuffer(HEADER + samples.length * 2));
  const size = samples.length * 2;
  writeText(bytes, 0, 'RIFF');
  bytes.setUint32(4, 36 + size, true);
  writeText(bytes, 8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true); // length of this part
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 1, true); // channels
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true); // bytes a second
  bytes.setUint16(32, 2, true); // bytes a sample
  bytes.setUint16(34, 16, true); // bits a sample
  writeText(bytes, 36, 'data');
  bytes.setUint32(40, size, true);
  samples.forEach((sample, index) => bytes.setInt16(HEADER + index * 2, toInt16(sample), true));
  return new Blob([bytes.buffer], { type: 'audio/wav' });
}

function toInt16(sample: number): number {
  const bounded = Math.max(-1, Math.min(1, sample));
  return Math.round(bounded < 0 ? bounded * 0x8000 : bounded * 0x7fff);
}

function writeText(bytes: DataView, offset: number, characters: string): void {
  for (let index = 0; index < characters.length; index += 1) {
    bytes.setUint8(offset + index, characters.charCodeAt(index));
  }
}
