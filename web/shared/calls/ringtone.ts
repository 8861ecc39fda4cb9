/** A soft double tone every two seconds, until it is stopped. Before the first click it is silent. */
export function createRing(): () => void {
  const context = new AudioContext();
  const ring = () => {
    tone(context, 0);
    tone(context, 0.35);
  };
  ring();
  const timer = setInterval(ring, 2_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

function tone(context: AudioContext, after: number): void {
  const begin = context.currentTime + after;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.linearRampToValueAtTime(0.12, begin + 0.03);
  gain.gain.linearRampToValueAtTime(0, begin + 0.28);
  const oscillator = new OscillatorNode(context, { frequency: 660 });
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + 0.3);
}
