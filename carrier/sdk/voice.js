// A telephone for a page: `Device` is one handset at the carrier, with this page's microphone and loudspeaker.
// What goes on in a call is the carrier's knowledge alone; after a reload, a sleep or a lost network it is read anew.

import { Links } from "./links.js";
import { chooseLoudspeaker } from "./loudspeaker.js";
import { Microphone, chooseMicrophone } from "./microphone.js";
import { Recorder } from "./recorder.js";
import { Refused, Wire } from "./wire.js";

export { Refused, Wire, chooseLoudspeaker, chooseMicrophone };

const RENEW_MS = 60_000;
const RENEW_AGAIN_MS = 15_000;
const CHECK_MS = 2_000;

function endOf(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).exp * 1000;
  } catch {
    return Infinity;
  }
}

/**
 * Events, each with a `detail`: "state" as `state`; "renew" {} a minute before the token ends, and when the carrier
 * refuses it; "quality" as `quality()`, every two seconds of a call with another page.
 */
export class Device extends EventTarget {
  #wire;
  #number;
  #handset = null;
  #reached = true;
  #muted = false;
  #listening = true;
  #renewAt;
  #timer = null;
  #links;
  #microphone = new Microphone(() => this.#heed());
  #recorder = new Recorder((samples, at) => this.#wire.sound(this.#number, samples, at).catch(() => {}));

  /** `identity` is that of the token; a page of the carrier itself names any `number`, and may share a `wire`. */
  constructor({ url = "", identity = "", token = "", number = `client:${identity}`, wire = null }) {
    super();
    this.#number = number;
    this.#wire = wire ?? new Wire({ url, token });
    this.#renewAt = endOf(token) - RENEW_MS;
    const session = this.#wire.session;
    this.#links = new Links(session, (signal) => this.#order("signals", { ...signal, session }));
  }

  /**
   * {state: idle|ringing|calling|talking|lost, call, with, peers: how many others, since: milliseconds or null,
   * taken: another page has the handset, microphone: off|asked|on|denied, handset: all that the carrier says}
   */
  get state() {
    const handset = this.#handset ?? { state: "idle", call: null, with: null, peers: [], since: null };
    return {
      state: this.#reached ? handset.state : "lost",
      call: handset.call,
      with: handset.with,
      peers: handset.peers.length,
      since: handset.since ? Date.parse(handset.since) : null,
      taken: this.#isTaken(),
      microphone: this.#microphone.state,
      handset,
    };
  }

  /** Lends the handset this page's voice and follows what happens at it, until `stop`. */
  async start() {
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS);
    await this.take();
    if (this.#timer === null) return;
    this.#wire.follow(this.#number, {
      onState: (handset) => this.#change(handset),
      onSignal: (signal) => this.#links.receive(signal),
      onReached: (reached) => this.#reach(reached),
      onToken: () => this.#tell("renew", {}),
    });
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#wire.leave(this.#number);
    this.#handset = null;
    this.#links.close();
    this.#microphone.letGo();
    this.#recorder.record(null);
  }

  /** Speaks and listens here, also when another page had taken the handset. */
  async take() {
    try {
      this.#change(await this.#wire.lend(this.#number));
    } catch {
      this.#reach(false);
    }
  }

  dial(to) {
    return this.#order("calls", { to });
  }

  /** Takes the call that rings; the microphone is asked for at once, so that nothing of the greeting is lost. */
  answer() {
    if (this.#listening) this.#microphone.want();
    return this.#order("answer");
  }

  reject() {
    return this.#order("reject");
  }

  hangup() {
    return this.#order("hangup");
  }

  press(digits) {
    return this.#order("digits", { digits });
  }

  write(to, body) {
    return this.#order("messages", { to, body });
  }

  /** Whether nothing of the microphone is sent, as the person wishes. */
  mute(isMuted) {
    this.#muted = isMuted;
    this.#heed();
  }

  /** Whether this page sounds and hears for the handset at all: of several handsets on a page, one should. */
  listen(isListening) {
    this.#listening = isListening;
    this.#heed();
  }

  renew(token) {
    this.#renewAt = endOf(token) - RENEW_MS;
    this.#wire.renew(token);
  }

  /**
   * {sent, received, lost: packets; jitter: seconds; level_in: of the microphone, level_out: of the others, 0 to 1;
   * energy_in, energy_out: the same summed up over the call}
   */
  quality() {
    return this.#links.quality();
  }

  #order(action, body) {
    return this.#wire.order(this.#number, action, body);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #isTaken() {
    return Boolean(this.#handset?.voice) && this.#handset.voice !== this.#wire.session;
  }

  #reach(reached) {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#heed();
  }

  #change(handset) {
    const before = this.#handset;
    this.#handset = handset;
    // A carrier that was started anew knows of no page yet; a handset that another page took stays with it.
    if (handset.voice === null) this.take();
    if (before && before.call !== handset.call) this.#links.close();
    this.#heed();
  }

  // Brings microphone and links to where the carrier's state and the person's wishes want them.
  #heed() {
    const talks = Boolean(this.#handset?.call) && !this.#isTaken();
    const isNeeded = talks && (this.#handset.recording || this.#handset.peers.some((peer) => peer.voice));
    if (isNeeded && this.#listening) this.#microphone.want();
    if (!talks || !this.#listening) this.#microphone.letGo();
    const track = this.#muted || !this.#listening ? null : this.#microphone.track;
    if (talks) this.#links.arrange(this.#handset, { track, listening: this.#listening });
    else this.#links.close();
    this.#recorder.record(talks && this.#handset.recording ? track : null);
    this.#tell("state", this.state);
  }

  async #check() {
    if (Date.now() > this.#renewAt) {
      this.#renewAt = Date.now() + RENEW_AGAIN_MS;
      this.#tell("renew", {});
    }
    if (this.#links.size > 0) this.#tell("quality", await this.quality());
  }
}
