// The ring tone of the desk: 440 and 480 Hz in the cadence of the line, as long as it is let ring.

const PITCHES = [440, 480];
const LOUDNESS = 0.08;
const SILENCE = 0.0001;

export class Tone {
  #context = null;
  #gain = null;
  #timer = null;

  constructor() {
    // A browser lets a page sound only after its person has touched it.
    const wake = () => this.rings && this.#open();
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }

  get rings() {
    return this.#timer !== null;
  }

  /** Ring until `stop`; times in milliseconds. */
  start({ toneMs, pauseMs }) {
    if (this.rings) return;
    if (navigator.userActivation?.hasBeenActive) this.#open();
    const sound = () => this.#sound(toneMs / 1000);
    sound();
    this.#timer = setInterval(sound, toneMs + pauseMs);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#gain?.gain.cancelScheduledValues(0);
    this.#gain?.gain.setValueAtTime(SILENCE, this.#context.currentTime);
  }

  #open() {
    this.#context?.resume();
    if (this.#context) return;
    this.#context = new AudioContext();
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = SILENCE;
    this.#gain.connect(this.#context.destination);
    for (const pitch of PITCHES) {
      const source = this.#context.createOscillator();
      source.frequency.value = pitch;
      source.connect(this.#gain);
      source.start();
    }
  }

  #sound(seconds) {
    if (!this.#context) return;
    const { currentTime } = this.#context;
    this.#gain.gain.setTargetAtTime(LOUDNESS, currentTime, 0.02);
    this.#gain.gain.setTargetAtTime(SILENCE, currentTime + seconds, 0.02);
  }
}
