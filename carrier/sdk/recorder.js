// While the carrier records the call, this page gives it what the microphone hears.

const RATE = 8_000;

let context = null;
let ready = null;

async function prepare() {
  context ??= new AudioContext();
  ready ??= context.audioWorklet.addModule(new URL("./recorder-worklet.js", import.meta.url));
  await Promise.all([ready, context.resume()]);
}

export class Recorder {
  #send;
  #track = null;
  #stop = () => {};

  /** send(samples, at): an Int16Array at 8 kHz, and the time of its first sample in milliseconds. */
  constructor(send) {
    this.#send = send;
  }

  /** Records this track from now on, or with null nothing. */
  async record(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#stop();
    this.#stop = () => {};
    if (!track) return;
    try {
      await prepare();
      if (track === this.#track) this.#begin(track);
    } catch (fault) {
      console.debug(fault);
    }
  }

  #begin(track) {
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
    let at = Date.now();
    let isOpen = true;
    node.port.onmessage = ({ data }) => {
      if (data.length > 0) this.#send(data, Math.round(at));
      at += (data.length / RATE) * 1000;
      if (!isOpen) node.port.close();
    };
    source.connect(node);
    this.#stop = () => {
      isOpen = false;
      source.disconnect();
      node.port.postMessage("the rest");
    };
  }
}
