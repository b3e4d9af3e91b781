// The ring counter: 1-2-3 from the stored moment of the ringing, by the server's clock and the line's cadence.

const EVERY_MS = 100;

/** Where a ring stands after so many milliseconds: the number of the ring, whether it sounds, whether it is too late. */
function readRing(milliseconds, { toneMs, pauseMs, limitMs }) {
  const period = toneMs + pauseMs;
  const passed = Math.max(0, milliseconds);
  return { number: Math.floor(passed / period) + 1, sounds: passed % period < toneMs, isLate: passed >= limitMs };
}

function numbersOf(box) {
  const { tone, rungAt, answeredAt, toneMs, pauseMs, limitMs } = box.dataset;
  return { tone, rungAt, answeredAt, toneMs: Number(toneMs), pauseMs: Number(pauseMs), limitMs: Number(limitMs) };
}

export class RingCounter {
  #clock;
  #announce;
  #saidLateOf = "";

  constructor(clock, announce) {
    this.#clock = clock;
    this.#announce = announce;
    setInterval(() => this.show(), EVERY_MS);
  }

  /** Bring the counter on the page, if there is one, up to this moment. */
  show() {
    const box = document.querySelector("[data-ring]");
    const counter = box?.querySelector(".counter");
    if (!counter || !box.dataset.rungAt) return;
    const rule = numbersOf(box);
    const end = rule.answeredAt ? Date.parse(rule.answeredAt) : this.#clock.now();
    const passed = end - Date.parse(rule.rungAt);
    const ring = readRing(passed, rule);
    counter.dataset.milliseconds = String(Math.round(passed));
    this.#write(box, counter, ring);
    counter.querySelector("progress").value = Math.min(passed, rule.limitMs);
    if (ring.isLate) this.#late(box);
  }

  #write(box, counter, ring) {
    const words = ring.isLate ? box.dataset.late : box.dataset.counter.replace("{count}", ring.number);
    const now = counter.querySelector("[data-counter-now]");
    if (now.textContent !== words) now.textContent = words;
    counter.classList.toggle("late", ring.isLate);
    for (const mark of counter.querySelectorAll("[data-number]")) {
      const number = Number(mark.dataset.number);
      mark.classList.toggle("begun", number <= ring.number);
      mark.classList.toggle("sounds", number === ring.number && ring.sounds);
    }
  }

  #late(box) {
    box.querySelector("[data-late-words]").hidden = false;
    if (this.#saidLateOf === box.dataset.rungAt) return;
    this.#saidLateOf = box.dataset.rungAt;
    this.#announce(box.dataset.spokenLate);
  }
}
