// The server's clock as this page knows it: each beat gives a sample, and the one that travelled shortest counts.

const KEPT = 8;

function csrf() {
  return document.querySelector('meta[name="csrf"]').content;
}

/** Send something that no hand has asked for; resolves to the response. */
export function post(address) {
  return fetch(address, { method: "POST", headers: { "X-CSRF": csrf(), "X-By-Itself": "yes" } });
}

export class Clock {
  #samples = [{ trip: 10_000, ahead: Date.parse(document.querySelector('meta[name="clock"]').content) - Date.now() }];
  #address;
  lastBeat = 0;

  constructor(address) {
    this.#address = address;
  }

  /** The present moment of the server in milliseconds. */
  now() {
    const best = this.#samples.reduce((one, other) => (other.trip < one.trip ? other : one));
    return Date.now() + best.ahead;
  }

  /** Tell the server that the desk is open, and take a sample; resolves to the status, 0 where nothing answers. */
  async beat() {
    this.lastBeat = Date.now();
    const sent = performance.now();
    try {
      const response = await post(this.#address);
      if (!response.ok) return response.status;
      const trip = performance.now() - sent;
      const { now } = await response.json();
      this.#samples.push({ trip, ahead: Date.parse(now) + trip / 2 - Date.now() });
      if (this.#samples.length > KEPT) this.#samples.shift();
      return response.status;
    } catch {
      return 0;
    }
  }
}
