// One voice connection to one other page. Of the two pages the one with the greater name offers, always: so offers
// never meet, and a link that fails or never comes about is simply offered anew under a new id.

import { Loudspeaker } from "./loudspeaker.js";

const PATIENCE_MS = 8_000;
const DISCONNECTED_MS = 4_000;

let count = 0;

export class Link {
  #send;
  #offers;
  #id = "";
  #connection = null;
  #sender = null;
  #track = null;
  #loudspeaker = new Loudspeaker();
  #steps = Promise.resolve();
  #watch = null;
  #closed = false;

  /** `mine` and `theirs` name the two ends; send(signal) brings a signal to the other page, or throws. */
  constructor({ mine, theirs, send }) {
    this.#send = send;
    this.#offers = mine > theirs;
    if (this.#offers) this.#do(() => this.#offer());
  }

  /** What is sent: the microphone's track, or null for silence. */
  speak(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#sender?.replaceTrack(track).catch(() => {});
  }

  /** Whether the other voice is heard. */
  hear(isHeard) {
    this.#loudspeaker.open(isHeard);
  }

  receive(signal) {
    this.#do(() => this.#take(signal));
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#watch);
    this.#connection?.close();
    this.#loudspeaker.close();
  }

  /** The browser's statistics of this link, as a list. */
  async statistics() {
    const report = await this.#connection?.getStats();
    return report ? [...report.values()] : [];
  }

  // One step after the other: a candidate must not overtake the description before it.
  #do(step) {
    this.#steps = this.#steps.then(() => (this.#closed ? null : step())).catch((fault) => console.debug(fault));
  }

  async #offer() {
    this.#renew(`${Date.now().toString(36)}-${(count += 1)}`);
    this.#sender = this.#connection.addTransceiver("audio", { direction: "sendrecv" }).sender;
    this.#sender.replaceTrack(this.#track).catch(() => {});
    this.#expect(PATIENCE_MS);
    await this.#connection.setLocalDescription();
    await this.#tell({ description: this.#connection.localDescription });
  }

  async #take({ link, description, candidate }) {
    if (!this.#offers && description?.type === "offer") return this.#answer(link, description);
    if (link !== this.#id) return;
    if (description) await this.#connection.setRemoteDescription(description);
    else await this.#connection.addIceCandidate(candidate);
  }

  async #answer(link, description) {
    this.#renew(link);
    await this.#connection.setRemoteDescription(description);
    const [transceiver] = this.#connection.getTransceivers();
    transceiver.direction = "sendrecv";
    this.#sender = transceiver.sender;
    await this.#sender.replaceTrack(this.#track);
    await this.#connection.setLocalDescription();
    await this.#tell({ description: this.#connection.localDescription });
  }

  #renew(id) {
    this.#connection?.close();
    this.#id = id;
    const connection = (this.#connection = new RTCPeerConnection());
    connection.addEventListener("track", ({ track }) => this.#loudspeaker.play(track));
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate?.candidate) this.#tell({ candidate }, id).catch(() => {});
    });
    connection.addEventListener("connectionstatechange", () => this.#changed(connection));
  }

  #tell(signal, link = this.#id) {
    return this.#send({ link, ...signal });
  }

  #changed(connection) {
    if (connection !== this.#connection) return;
    const state = connection.connectionState;
    if (state === "connected") clearTimeout(this.#watch);
    if (state === "disconnected") this.#expect(DISCONNECTED_MS);
    if (state === "failed") this.#expect(0);
  }

  // Only the page that offers can begin anew; it does so until the two are connected.
  #expect(ms) {
    clearTimeout(this.#watch);
    if (this.#offers) this.#watch = setTimeout(() => this.#do(() => this.#offer()), ms);
  }
}
