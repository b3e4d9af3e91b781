// What the others are heard with.

let device = "";
const loudspeakers = new Set();

/** Sounds from another loudspeaker from now on, where the browser can; an empty id means its own choice. */
export function chooseLoudspeaker(id) {
  device = id;
  loudspeakers.forEach((loudspeaker) => loudspeaker.use());
}

/** A loudspeaker for one voice. A browser may refuse to sound before the first click; then it starts with that. */
export class Loudspeaker {
  #audio = new Audio();
  #again = () => this.#start();

  constructor() {
    loudspeakers.add(this);
    this.use();
    this.#audio.autoplay = true;
    this.#audio.muted = true;
  }

  play(track) {
    this.#audio.srcObject = new MediaStream([track]);
    this.#start();
  }

  open(isOpen) {
    this.#audio.muted = !isOpen;
    if (isOpen && this.#audio.paused) this.#start();
  }

  use() {
    if (device || this.#audio.sinkId) this.#audio.setSinkId?.(device).catch(() => {});
  }

  close() {
    loudspeakers.delete(this);
    this.#forget();
    this.#audio.srcObject = null;
  }

  async #start() {
    this.#forget();
    if (!this.#audio.srcObject) return;
    try {
      await this.#audio.play();
    } catch (fault) {
      if (fault.name !== "NotAllowedError") return;
      document.addEventListener("pointerdown", this.#again, { once: true });
      document.addEventListener("keydown", this.#again, { once: true });
    }
  }

  #forget() {
    document.removeEventListener("pointerdown", this.#again);
    document.removeEventListener("keydown", this.#again);
  }
}
