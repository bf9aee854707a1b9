// How loud a microphone is, for the meter of the preview and the ring around the own tile.

export class LevelMeter {
  private readonly context: AudioContext;
  private readonly analyser: AnalyserNode;
  private readonly source: MediaStreamAudioSourceNode;
  private readonly samples: Float32Array<ArrayBuffer>;
  private resuming = false;

  /** Nothing where the browser cannot measure. */
  static of(track: MediaStreamTrack): LevelMeter | null {
    if (typeof AudioContext === "undefined") return null;
    try {
      return new LevelMeter(track);
    } catch {
      // Some browsers open only a few contexts, some refuse a track that has just ended.
      return null;
    }
  }

  private constructor(track: MediaStreamTrack) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 512;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    this.source.connect(this.analyser);
  }

  /** 0 for silence to 1 for loud speech. */
  read(): number {
    // Browsers start it only after a tap on the page; the promise stays open until then. iOS
    // interrupts it for a phone call, and it must be resumed afterwards.
    if (this.context.state !== "running" && !this.resuming) {
      this.resuming = true;
      const tried = () => {
        this.resuming = false;
      };
      this.context.resume().then(tried, tried);
    }
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.samples.length + 1e-9);
    return Math.max(0, Math.min(1, (decibels + 60) / 50));
  }

  stop(): void {
    this.source.disconnect();
    void this.context.close();
  }
}
