// One handset at the carrier: its live state, and what a person can do with it.

const POLL_MS = 700;
const REFRESH_MS = 10_000;
const REOPEN_MS = 3_000;
const STREAMS = 4;
const EVENT_NAMES = ["message", "state", "change", "update", "handset"];

// A browser opens six connections to one host for all its tabs together. Were every phone to hold
// one for its stream, a third tab could neither dial nor answer: so four streams, the rest poll.
async function takeStream() {
  if (!navigator.locks || !window.EventSource) return null;
  for (let slot = 0; slot < STREAMS; slot += 1) {
    const release = await new Promise((settle) => {
      navigator.locks.request(`handset-stream-${slot}`, { ifAvailable: true }, (lock) => {
        if (!lock) return settle(null);
        return new Promise((done) => settle(done));
      });
    });
    if (release) return release;
  }
  return null;
}

export class Refused extends Error {}

async function reasonOf(answer) {
  const body = await answer.json().catch(() => ({}));
  return body.message ?? body.error ?? `${answer.status} ${answer.statusText}`;
}

export class Handset {
  #onState;
  #onLink;
  #closed = false;
  #asked = 0;
  #shown = 0;
  #stream = null;
  #release = null;
  #timers = new Set();

  /** onState(state) at every change; onLink(true|false) when the carrier is reached or lost. */
  constructor(number, onState, onLink) {
    this.number = number;
    this.#onState = onState;
    this.#onLink = onLink;
    this.path = `/handsets/${encodeURIComponent(number)}`;
    this.refresh();
    this.#every(REFRESH_MS, () => this.refresh());
    this.#follow();
  }

  close() {
    this.#closed = true;
    this.#timers.forEach(clearInterval);
    this.#stream?.close();
    this.#release?.();
  }

  /** Does one thing (calls, answer, reject, hangup, digits, messages); throws Refused with the reason. */
  async act(action, body = {}) {
    const answer = await fetch(`${this.path}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Refused(await reasonOf(answer));
    await this.refresh();
  }

  async refresh() {
    const asked = (this.#asked += 1);
    try {
      const answer = await fetch(this.path, { headers: { Accept: "application/json" } });
      if (!answer.ok && answer.status !== 404) throw new Refused(await reasonOf(answer));
      const state = answer.ok ? await answer.json() : { state: "idle" };
      this.#show(state, asked);
      this.#link(true);
    } catch {
      this.#link(false);
    }
  }

  // A newer state may have come by the stream while an asked-for one was under way.
  #show(state, asked) {
    if (this.#closed || asked < this.#shown) return;
    this.#shown = asked;
    this.#onState(state);
  }

  #link(reached) {
    if (!this.#closed) this.#onLink(reached);
  }

  #every(ms, action) {
    const timer = setInterval(action, ms);
    this.#timers.add(timer);
    return timer;
  }

  async #follow() {
    this.#release = await takeStream();
    if (this.#closed) this.#release?.();
    else if (this.#release) this.#listen();
    else this.#every(POLL_MS, () => this.refresh());
  }

  #listen() {
    let polling = null;
    const stream = (this.#stream = new EventSource(`${this.path}/events`));
    const stopPolling = () => {
      clearInterval(polling);
      polling = null;
    };
    stream.addEventListener("open", () => {
      stopPolling();
      this.refresh();
    });
    stream.addEventListener("error", () => {
      polling ??= this.#every(POLL_MS, () => this.refresh());
      if (stream.readyState === EventSource.CLOSED && !this.#closed) {
        setTimeout(() => {
          stopPolling();
          if (!this.#closed) this.#listen();
        }, REOPEN_MS);
      }
    });
    EVENT_NAMES.forEach((name) => stream.addEventListener(name, (event) => this.#hear(event.data)));
  }

  #hear(data) {
    let state = null;
    try {
      state = JSON.parse(data);
    } catch {
      state = null;
    }
    if (!Array.isArray(state?.heard)) return this.refresh();
    this.#show(state, (this.#asked += 1));
    this.#link(true);
  }
}
