import { pageAudio } from '../media/pageAudio';

/** A soft double tone every two seconds, until it is stopped. Before the page's first click it is silent. */
export function startRingtone(): () => void {
  const play = () => {
    try {
      const context = pageAudio();
      if (context.state !== 'running') return; // tones do not pile up for the first click
      tone(context, 0);
      tone(context, 0.35);
    } catch {
      // Without sound the call is seen.
    }
  };
  play();
  const timer = setInterval(play, 2_000);
  return () => clearInterval(timer);
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
