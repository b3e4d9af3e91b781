// The wire to the carrier: states and signals come down, orders go up. It is mended for as long as it is open.

import { readEvents, takeStream } from "./stream.js";

const POLL_MS = 700;
const POLLS_PER_TRY = 15;
const TOKEN_MS = 10_000;
const RETRY_MS = [200, 500, 1_000, 2_000, 4_000];

/** The carrier said no; `message` is its reason, `status` the HTTP status. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function reasonOf(answer) {
  const body = await answer.json().catch(() => ({}));
  return body.error ?? body.message ?? `${answer.status} ${answer.statusText}`;
}

function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

function newSession() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pathOf(number) {
  return `/handsets/${encodeURIComponent(number).replace("%3A", ":")}`;
}

export class Wire {
  /** The name of this page at the carrier; another page that takes a handset has another. */
  session = newSession();
  #url;
  #token;
  #followers = new Map();
  #abort = new AbortController();
  #awake = null;
  #running = false;
  #tries = 0;

  constructor({ url = "", token = "" } = {}) {
    this.#url = url.replace(/\/$/, "");
    this.#token = token;
  }

  /** Follows a handset: `follower` has onState(state), onSignal(signal), onReached(is), onToken(). */
  follow(number, follower) {
    this.#followers.set(number, follower);
    this.#wake();
    if (!this.#running) this.#run();
  }

  leave(number) {
    this.#followers.delete(number);
    this.#wake();
  }

  renew(token) {
    this.#token = token;
    this.#wake();
  }

  /** Lends the handset this page's voice; the page that had lent its own before falls silent. */
  lend(number) {
    return this.order(number, "voice", { session: this.session }, "PUT");
  }

  /** Gives one order (calls, answer, reject, hangup, digits, messages, signals); throws `Refused` with the reason. */
  async order(number, action, body = {}, method = "POST") {
    const answer = await this.#ask(`${pathOf(number)}/${action}`, { method, body: JSON.stringify(body) });
    return answer.status === 204 ? null : answer.json();
  }

  /** Gives the carrier a piece of sound for its recording: an Int16Array at 8 kHz, `at` in milliseconds. */
  sound(number, samples, at) {
    const path = `${pathOf(number)}/sound?session=${this.session}&at=${at}`;
    return this.#ask(path, { method: "POST", body: samples, type: "application/octet-stream" });
  }

  #wake() {
    this.#awake?.();
    this.#abort.abort();
  }

  async #ask(path, { type = "application/json", ...init } = {}) {
    const headers = {};
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (init.body) headers["Content-Type"] = type;
    const answer = await fetch(this.#url + path, { ...init, headers, cache: "no-store" });
    if (answer.ok) return answer;
    if (answer.status === 401) this.#each((follower) => follower.onToken());
    throw new Refused(await reasonOf(answer), answer.status);
  }

  #each(tell) {
    this.#followers.forEach((follower, number) => tell(follower, number));
  }

  async #run() {
    this.#running = true;
    while (this.#followers.size > 0) {
      this.#abort = new AbortController();
      const release = await takeStream(!this.#url || this.#url === location.origin);
      try {
        await (release ? this.#stream() : this.#poll());
      } catch (fault) {
        await this.#mend(fault);
      } finally {
        release?.();
      }
    }
    this.#running = false;
  }

  async #mend(fault) {
    if (this.#abort.signal.aborted || this.#followers.size === 0) return;
    this.#each((follower) => follower.onReached(false));
    if (fault.status === 401) await Promise.race([new Promise((awake) => (this.#awake = awake)), sleep(TOKEN_MS)]);
    else await sleep(RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]);
    this.#tries += 1;
  }

  async #stream() {
    const numbers = [...this.#followers.keys()];
    const voice = `voice=${this.session}`;
    const many = `/handsets/events?${numbers.map((number) => `number=${encodeURIComponent(number)}`).join("&")}&${voice}`;
    const path = numbers.length === 1 ? `${pathOf(numbers[0])}/events?${voice}` : many;
    const abort = this.#abort;
    const answer = await this.#ask(path, { signal: abort.signal });
    this.#reached();
    await readEvents(answer, abort, (name, data) => this.#hear(name, data));
    throw new Refused("the stream has ended", 0);
  }

  #reached() {
    this.#tries = 0;
    this.#each((follower) => follower.onReached(true));
  }

  #hear(name, { asked, ...data }) {
    const follower = this.#followers.get(asked);
    if (name === "signal") follower?.onSignal(data);
    else follower?.onState(data);
  }

  async #poll() {
    for (let count = 0; count < POLLS_PER_TRY && !this.#abort.signal.aborted; count += 1) {
      for (const [number, follower] of this.#followers) {
        const { signals, ...state } = await this.order(number, "voice", { session: this.session });
        follower.onState(state);
        signals.forEach((signal) => follower.onSignal(signal));
      }
      this.#reached();
      await sleep(POLL_MS);
    }
  }
}
