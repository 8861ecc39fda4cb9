/** A media element whose picture and time a test moves by hand. */
import type { MediaPlayer } from '../replay/trackPlayer';

export class FakeMedia implements MediaPlayer {
  src = '';
  currentTime = 0;
  playbackRate = 1;
  muted = false;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 0;
  /** Every place that was jumped to, where it is not simply played on. */
  loads = 0;
  refusal: DOMException | null = null;

  play(): Promise<void> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  load(): void {
    this.loads += 1;
    this.readyState = 0;
    this.currentTime = 0;
    this.ended = false;
  }

  removeAttribute(name: string): void {
    if (name === 'src') this.src = '';
  }

  /** Its picture comes. */
  arrive(): void {
    this.readyState = 4;
  }

  /** Time goes by. */
  run(seconds: number): void {
    if (!this.paused) this.currentTime += seconds * this.playbackRate;
  }
}
