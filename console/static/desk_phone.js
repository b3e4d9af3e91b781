// The telephone of the desk: it belongs to one tab of the agent, shows how it is, and checks the microphone.

const LOCK = "charterline-phone";
const TEST_MS = 10_000;
const FAIR = { lost: 0.02, jitter: 30 };
const BAD = { lost: 0.05, jitter: 60 };

function qualityOf({ lost, jitter }) {
  if (lost > BAD.lost || jitter > BAD.jitter) return "bad";
  return lost > FAIR.lost || jitter > FAIR.jitter ? "fair" : "good";
}

export class PhonePanel {
  #box = document.querySelector("#phone");
  #phone;
  #onState;
  #release = null;

  /** `onState` is called whenever the telephone has changed. */
  constructor(phone, onState) {
    this.#phone = phone;
    this.#onState = onState;
    phone.addEventListener("state", ({ detail }) => this.#show(detail.state));
    phone.addEventListener("permission", ({ detail }) => this.#permission(detail.state));
    phone.addEventListener("quality", ({ detail }) => this.#quality(detail));
    document.addEventListener("click", (event) => this.#clicked(event));
    this.#box.querySelector("#phone-microphone").addEventListener("change", ({ target }) => phone.choose(target.value));
    this.#ask();
  }

  /** Begin to ring in this tab, unless another tab of this browser does. */
  async begin({ steals = false } = {}) {
    if (!navigator.locks) {
      await this.#start();
      return;
    }
    const options = steals ? { steal: true } : { ifAvailable: true };
    const held = navigator.locks.request(LOCK, options, (lock) => (lock ? this.#hold() : this.#show("taken")));
    // Another tab has taken the telephone.
    held.catch(() => this.#lose());
  }

  #hold() {
    this.#start();
    return new Promise((release) => {
      this.#release = release;
    });
  }

  async #start() {
    try {
      await this.#phone.start();
      this.#box.querySelector("#phone-microphone").closest(".field").hidden = !this.#phone.canChoose;
    } catch {
      this.#show("failed");
    }
  }

  #lose() {
    this.#release = null;
    this.#phone.stop();
    this.#show("taken");
  }

  #show(state) {
    this.#box.querySelector("[data-phone-state]").textContent = this.#box.dataset[state] ?? "";
    this.#box.dataset.state = state;
    this.#box.querySelector('[data-phone="take"]').hidden = state !== "taken";
    if (state !== "talking") this.#showSound(false);
    this.#onState(state);
  }

  #showSound(isShown) {
    for (const part of this.#box.querySelectorAll("[data-phone-quality], [data-phone-levels]")) part.hidden = !isShown;
  }

  #permission(state) {
    const problem = this.#box.querySelector("[data-phone-problem]");
    problem.hidden = !["denied", "missing"].includes(state);
    problem.textContent = this.#box.dataset[state] ?? "";
  }

  #quality(detail) {
    const line = this.#box.querySelector("[data-phone-quality]");
    const quality = qualityOf(detail);
    const { qualityGood, qualityFair, qualityBad, qualityHint } = this.#box.dataset;
    const hint = qualityHint.replace("{lost}", (detail.lost * 100).toFixed(1)).replace("{jitter}", Math.round(detail.jitter));
    this.#showSound(true);
    this.#box.querySelector('[data-level="own"]').value = detail.own;
    this.#box.querySelector('[data-level="other"]').value = detail.other;
    line.className = `phone-quality ${quality}`;
    line.textContent = `${{ good: qualityGood, fair: qualityFair, bad: qualityBad }[quality]} · ${hint}`;
  }

  /** Say so at once where the browser was told never to give the microphone. */
  async #ask() {
    try {
      const permission = await navigator.permissions.query({ name: "microphone" });
      const tell = () => this.#permission(permission.state);
      permission.addEventListener("change", tell);
      tell();
    } catch {
      // This browser does not say beforehand.
    }
  }

  #clicked({ target }) {
    const button = target.closest("[data-phone]");
    if (!button) return;
    const act = button.dataset.phone;
    if (act === "take") this.#take();
    else if (act === "test") this.#test(button);
    else if (act === "mute") this.#mute(button);
    else this.#do(act, button.dataset.digit);
  }

  async #do(act, digit) {
    try {
      await (act === "press" ? this.#phone.press(digit) : this.#phone[act]());
    } catch {
      // The call went away meanwhile: the server tells what is so.
      document.body.dispatchEvent(new CustomEvent("desk"));
    }
  }

  #mute(button) {
    this.#phone.mute(!this.#phone.isMuted);
    button.setAttribute("aria-pressed", String(this.#phone.isMuted));
  }

  async #take() {
    if (this.#release) await this.#phone.take();
    else await this.begin({ steals: true });
  }

  async #test(button) {
    const level = this.#box.querySelector(".phone-level");
    button.disabled = true;
    try {
      const chosen = this.#box.querySelector("#phone-microphone").value;
      const stream = await navigator.mediaDevices.getUserMedia({ audio: chosen ? { deviceId: { exact: chosen } } : true });
      this.#permission("granted");
      await this.#list();
      level.hidden = false;
      await watchLevel(stream, level.querySelector("progress"));
      for (const track of stream.getTracks()) track.stop();
    } catch (error) {
      this.#permission(error.name === "NotFoundError" ? "missing" : "denied");
    }
    level.hidden = true;
    button.disabled = false;
  }

  async #list() {
    const select = this.#box.querySelector("#phone-microphone");
    const chosen = select.value;
    const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "audioinput");
    const choices = devices.map(({ deviceId, label }) => new Option(label, deviceId));
    select.replaceChildren(new Option(this.#box.dataset.default, ""), ...choices);
    select.value = chosen;
  }
}

async function watchLevel(stream, bar) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const show = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    bar.value = Math.min(100, Math.max(...samples.map(Math.abs)) * 200);
  }, 50);
  await new Promise((over) => setTimeout(over, TEST_MS));
  clearInterval(show);
  await context.close();
}
