// One telephone in the page, whichever carrier it belongs to. A driver makes it:
//   connect({ url, identity, token, tell }) -> { answer, reject, hangup, press, mute, take, renew, choose?, stop }
// and tells "state" { state: idle|ringing|talking|lost|taken, call }, "quality" { lost, jitter, own, other } (lost as
// a share, jitter in milliseconds, the loudness of both sides from 0 to 1), "permission" { state:
// asked|granted|denied|missing } and "renew" when its token is about to end.

export class Phone extends EventTarget {
  #connect;
  #fetchToken;
  #device = null;
  #muted = false;
  state = "off";

  /** `connect` is the driver's, `fetchToken` resolves to { identity, token, url }. */
  constructor(connect, fetchToken) {
    super();
    this.#connect = connect;
    this.#fetchToken = fetchToken;
  }

  get isMuted() {
    return this.#muted;
  }

  get canChoose() {
    return Boolean(this.#device?.choose);
  }

  async start() {
    if (this.#device) return;
    this.#become({ state: "starting" });
    try {
      const settings = await this.#fetchToken();
      this.#device = await this.#connect({ ...settings, tell: (name, detail) => this.#told(name, detail) });
    } catch (error) {
      this.#become({ state: "failed" });
      throw error;
    }
  }

  answer() {
    return this.#device?.answer();
  }

  reject() {
    return this.#device?.reject();
  }

  hangup() {
    return this.#device?.hangup();
  }

  press(digit) {
    return this.#device?.press(digit);
  }

  mute(isMuted) {
    this.#muted = isMuted;
    this.#device?.mute(isMuted);
  }

  /** Ring here although another page of this agent has the telephone. */
  take() {
    return this.#device?.take();
  }

  /** Use the microphone with this id of the browser. */
  choose(microphone) {
    return this.#device?.choose?.(microphone);
  }

  stop() {
    this.#device?.stop();
    this.#device = null;
    this.#become({ state: "off" });
  }

  #told(name, detail) {
    if (name === "state") this.#become(detail);
    else if (name === "renew") this.#renew();
    else this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #become(detail) {
    if (detail.state !== "talking" && this.#muted) this.mute(false);
    this.state = detail.state;
    this.dispatchEvent(new CustomEvent("state", { detail }));
  }

  async #renew() {
    try {
      const { token } = await this.#fetchToken();
      this.#device?.renew(token);
    } catch {
      // Without a network there is no new token; the driver asks again.
    }
  }
}
