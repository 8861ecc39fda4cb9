/** A browser whose sound never starts: no loudspeaker, or no click; its recorder hears all the same. */

export class SilentContext {
  state = 'suspended';
  currentTime = 0;
  audioWorklet = { addModule: () => Promise.resolve() };
  resume = () => new Promise<void>(() => undefined);
  createMediaStreamSource = () => ({ connect: () => undefined, disconnect: () => undefined });
}

export class FakeRecorder {
  state = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  start(): void {
    this.state = 'recording';
  }
  stop(): void {
    this.state = 'inactive';
    this.ondataavailable?.({ data: new Blob(['sound']) });
    this.onstop?.();
  }
}

/** What is made of it is never looked at. */
export function Anything(): void {
  // Nothing.
}

export const STREAM = { getAudioTracks: () => [{}] } as unknown as MediaStream;
