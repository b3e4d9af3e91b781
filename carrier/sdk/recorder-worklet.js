// Brings the microphone down to 8 kHz and 16 bits, in pieces of a second: runs in the browser's audio thread.

const RATE = 8_000;
const PIECE = 8_000;

class Recorder extends AudioWorkletProcessor {
  #piece = new Int16Array(PIECE);
  #filled = 0;
  #sum = 0;
  #count = 0;
  #phase = 0;

  constructor() {
    super();
    this.port.onmessage = () => this.#send();
  }

  // Every sample of 8 kHz is the mean of those that fall into it, which is filter enough for speech.
  process([[channel]]) {
    for (const sample of channel ?? []) {
      this.#sum += sample;
      this.#count += 1;
      this.#phase += RATE;
      if (this.#phase < sampleRate) continue;
      this.#phase -= sampleRate;
      this.#put(this.#sum / this.#count);
      this.#sum = this.#count = 0;
    }
    return true;
  }

  #put(value) {
    this.#piece[this.#filled] = Math.max(-1, Math.min(1, value)) * 32_767;
    this.#filled += 1;
    if (this.#filled === PIECE) this.#send();
  }

  #send() {
    this.port.postMessage(this.#piece.slice(0, this.#filled));
    this.#filled = 0;
  }
}

registerProcessor("recorder", Recorder);
