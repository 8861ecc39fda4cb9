/** How loud a stream is, 0 to 1, ten times a second; the last 200 ms count. */
export function watchAudioLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  if (stream.getAudioTracks().length === 0) return () => undefined;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2_048, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(stream).connect(analyser);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Speech lies between -50 and -10 dB: that is the meter's length.
    const decibels = 10 * Math.log10(power + 1e-9);
    const current = Math.min(1, Math.max(0, (decibels + 55) / 45));
    level = Math.max(current, level * 0.8);
    onLevel(level);
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
