/** A soft double tone every two seconds, until it is stopped. Before the first click it is silent. */
export function startRingtone(): () => void {
  const context = new AudioContext();
  const play = () => {
    tone(context, 0);
    tone(context, 0.35);
  };
  play();
  const timer = setInterval(play, 2_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

function tone(context: AudioContext, delay: number): void {
  const start = context.currentTime + delay;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.linearRampToValueAtTime(0.12, start + 0.03);
  gain.gain.linearRampToValueAtTime(0, start + 0.28);
  const oscillator = new OscillatorNode(context, { frequency: 660 });
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.3);
}
