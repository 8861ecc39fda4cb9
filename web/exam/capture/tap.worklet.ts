/** Hands on what the microphone hears, in pieces of about an eighth of a second. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const PIECE = 4_096;

class Tap extends AudioWorkletProcessor {
  private piece = new Float32Array(PIECE);
  private filled = 0;

  /** Called by the browser for every 128 samples. */
  process(inputs: Float32Array[][]): boolean {
    const heard = inputs[0]?.[0];
    if (!heard) return true;
    this.piece.set(heard, this.filled);
    this.filled += heard.length;
    if (this.filled + heard.length > PIECE) this.handOn();
    return true;
  }

  private handOn(): void {
    const whole = this.piece.slice(0, this.filled);
    this.port.postMessage(whole, [whole.buffer]);
    this.filled = 0;
  }
}

registerProcessor('tap', Tap);
