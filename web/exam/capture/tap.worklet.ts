/** Posts the microphone's samples in buffers of about an eighth of a second. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const BUFFER_SIZE = 4_096;

class Tap extends AudioWorkletProcessor {
  private buffer = new Float32Array(BUFFER_SIZE);
  private filled = 0;

  /** Called by the browser for every 128 samples. */
  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (!samples) return true;
    this.buffer.set(samples, this.filled);
    this.filled += samples.length;
    if (this.filled + samples.length > BUFFER_SIZE) this.flush();
    return true;
  }

  private flush(): void {
    const whole = this.buffer.slice(0, this.filled);
    this.port.postMessage(whole, [whole.buffer]);
    this.filled = 0;
  }
}

registerProcessor('tap', Tap);
