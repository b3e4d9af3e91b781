// One phone on the screen: shows a handset's state and turns clicks and keys into what a person does.

import { Handset, Refused } from "./handset.js";
import { digitsOf, isWithheld, same, shown } from "./numbers.js";
import { hasSound, hasVoice, hush, leaveSound, soundRing, takeSound } from "./sound.js";
import { Transcript, millis } from "./transcript.js";
import { fill, word } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
// Korean ringing: one second on, two seconds off.
const RING_ON = 1;
const RING_CYCLE = 3;
const FRESH_MS = 60_000;
const IN_CALL = ["calling", "talking"];

function clockText(seconds) {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

export class Phone {
  #find;
  #directory;
  #transcript;
  #handset = null;
  #reached = true;
  #state = { state: "idle" };
  #since = Date.now();
  #pressed = "";
  #ring = 0;
  #onNumber;

  /** `place` is "first" or "second"; onNumber(number) runs when the person takes another number. */
  constructor(place, { number, to, directory, onNumber }) {
    this.place = place;
    this.root = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.root.classList.add(place);
    this.#find = (selector) => this.root.querySelector(selector);
    this.#directory = directory;
    this.#onNumber = onNumber;
    this.#transcript = new Transcript(this, this.root);
    this.#makeKeys();
    this.#makeBook();
    this.#listen();
    this.#find(".dial-to input").value = to ? shown(to) : "";
    this.take(number);
    setInterval(() => this.#tick(), 100);
  }

  /** This phone becomes the handset of `number`. */
  take(number) {
    this.#handset?.close();
    this.number = digitsOf(number);
    this.#state = { state: "idle" };
    this.#pressed = "";
    this.#transcript.show({});
    this.redraw();
    const mine = this.number;
    this.#handset = new Handset(mine, (state) => this.#change(state), (reached) => this.#link(reached));
  }

  redraw() {
    fill(this.root);
    this.#makeOwn();
    this.#find(".who").textContent = this.#title();
    const keys = this.#find(".keys");
    keys.setAttribute("aria-label", word("phone.keys"));
    for (const key of keys.children) {
      const name = word(`phone.key.${key.value}`);
      if ("*#".includes(key.value)) key.setAttribute("aria-label", name);
    }
    this.#find(".heard").setAttribute("aria-label", word("phone.heard"));
    this.#find(".messages").setAttribute("aria-label", word("phone.messages"));
    this.root.setAttribute("aria-label", `${this.#title()} ${shown(this.number)}`);
    this.#draw();
    this.#transcript.redraw();
  }

  /** Whether this is the only phone on the page: then it needs no left and right. */
  stand(alone) {
    this.root.classList.toggle("only", alone);
    this.redraw();
  }

  soundLost() {
    this.#find(".sound").setAttribute("aria-pressed", "false");
  }

  key(name) {
    if (KEYS.includes(name)) return this.press(name);
    if (name === "Enter") return this.#state.state === "ringing" ? this.#do("answer") : this.call();
    if (name === "Escape") return this.stop();
    if (name === "Backspace") this.#edit((text) => text.slice(0, -1));
  }

  press(digit) {
    if (this.#state.state === "idle") return this.#edit((text) => text + digit);
    if (this.#state.state !== "talking") return;
    this.#pressed += digit;
    this.#draw();
    this.#do("digits", { digits: digit });
  }

  call() {
    if (this.#state.state !== "idle") return;
    const to = digitsOf(this.#find(".dial-to input").value);
    if (!to) return this.#problem(word("problem.no_number"));
    this.#pressed = "";
    this.#do("calls", { to });
  }

  stop() {
    if (this.#state.state === "ringing") return this.#do("reject");
    if (IN_CALL.includes(this.#state.state)) return this.#do("hangup");
    this.#edit(() => "");
  }

  async #do(action, body) {
    this.#problem("");
    try {
      await this.#handset.act(action, body);
      return true;
    } catch (fault) {
      const reason = fault instanceof Refused ? word("problem.refused", { reason: fault.message }) : "";
      this.#problem(reason || word("problem.no_answer"));
      return false;
    }
  }

  #problem(text) {
    const problem = this.#find(".problem");
    problem.hidden = !text;
    problem.textContent = text;
  }

  #edit(change) {
    if (this.#state.state !== "idle") return;
    const field = this.#find(".dial-to input");
    field.value = change(field.value);
  }

  #change(state) {
    const before = this.#state;
    this.#state = { ...state, state: state.state ?? "idle" };
    if (before.state !== this.#state.state) this.#enter(before.state);
    this.#draw();
    this.#transcript.show(this.#state);
  }

  // The rings are counted from the carrier's own time of the first ring where it tells one.
  #enter(before) {
    const now = Date.now();
    const ring = (this.#state.heard ?? []).findLast((entry) => entry.kind === "ring" && !entry.until);
    const told = this.#state.state === "talking" ? null : millis(ring?.at);
    this.#since = told !== null && Math.abs(now - told) < FRESH_MS ? told : now;
    this.#ring = 0;
    if (before === "idle") this.#pressed = "";
    if (this.#state.state === "idle") hush(this);
    this.#problem("");
    const inside = this.root.contains(document.activeElement);
    this.#drawActs();
    const focused = document.activeElement;
    if (inside && (focused.disabled || !focused.checkVisibility())) this.root.focus({ preventScroll: true });
  }

  #link(reached) {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#draw();
  }

  #draw() {
    const { state, gather } = this.#state;
    this.root.dataset.state = state;
    const status = this.#reached ? word(`state.${state}`) : word("state.lost");
    if (this.#find(".state").textContent !== status) this.#find(".state").textContent = status;
    this.#find(".with").textContent = state === "idle" ? "" : this.#nameOf(this.#state.with);
    this.#find(".gather").hidden = !(gather && state === "talking");
    this.#find(".digits").hidden = !this.#pressed || state === "idle";
    this.#find(".digits").textContent = word("phone.pressed", { digits: this.#pressed });
    this.#drawActs();
    this.#tick();
  }

  #drawActs() {
    const { state } = this.#state;
    this.#find(".call").hidden = state !== "idle";
    this.#find(".answer").hidden = this.#find(".reject").hidden = state !== "ringing";
    this.#find(".hangup").hidden = !IN_CALL.includes(state);
    this.#find(".dial-to").hidden = state !== "idle";
    this.#find(".book").hidden = state !== "idle" || this.#directory.lines.length === 0;
    for (const key of this.#find(".keys").children) key.disabled = ["ringing", "calling"].includes(state);
    this.#find(".own-choice").disabled = state !== "idle";
  }

  #tick() {
    const { state } = this.#state;
    const seconds = Math.max(0, (Date.now() - this.#since) / 1000);
    const rings = ["ringing", "calling"].includes(state);
    const elapsed = this.#find(".elapsed");
    elapsed.hidden = state === "idle";
    elapsed.textContent = state === "ringing" ? seconds.toFixed(1) : clockText(seconds);
    this.#find(".rings").hidden = state !== "ringing";
    this.root.dataset.bell = rings && seconds % RING_CYCLE < RING_ON ? "on" : "off";
    const ring = rings ? Math.floor(seconds / RING_CYCLE) + 1 : 0;
    if (ring && ring !== this.#ring) this.#drawRing(ring);
    this.#ring = ring;
  }

  #drawRing(ring) {
    this.#find(".ring-count").textContent = word("phone.ring", { count: ring });
    [...this.#find(".ring-dots").children].forEach((dot, index) => dot.classList.toggle("past", index < ring));
    soundRing(this);
  }

  #title() {
    return word(this.root.classList.contains("only") ? "phone.only" : `phone.${this.place}`);
  }

  #nameOf(number) {
    if (!number) return "";
    if (isWithheld(number)) return word("phone.withheld");
    const known = [...this.#directory.lines, ...this.#directory.handsets].find((one) => same(one.number, number));
    return known?.name ? `${known.name} ${shown(number)}` : shown(number);
  }

  #makeKeys() {
    const keys = KEYS.map((digit) => {
      const key = document.createElement("button");
      Object.assign(key, { type: "button", value: digit, textContent: digit === "*" ? "∗" : digit });
      return key;
    });
    this.#find(".keys").append(...keys);
  }

  #makeOwn() {
    const choice = this.#find(".own-choice");
    const handsets = [...this.#directory.handsets];
    if (!handsets.some((one) => same(one.number, this.number))) handsets.unshift({ name: "", number: this.number });
    const options = handsets.map((one) => new Option(`${shown(one.number)} ${one.name ?? ""}`.trim(), digitsOf(one.number)));
    choice.replaceChildren(...options, new Option(word("phone.another"), ""));
    choice.value = this.number;
    this.#find(".own-other").hidden = true;
  }

  #makeBook() {
    const lines = this.#directory.lines.map((one) => {
      const entry = document.createElement("button");
      entry.type = "button";
      const number = document.createElement("span");
      number.textContent = shown(one.number);
      entry.append(one.name ?? "", number);
      entry.addEventListener("click", () => {
        this.#find(".dial-to input").value = shown(one.number);
        this.root.focus();
      });
      const item = document.createElement("li");
      item.append(entry);
      return item;
    });
    this.#find(".book ul").append(...lines);
    this.#find(".book").open = true;
  }

  #listen() {
    const on = (selector, event, action) => this.#find(selector).addEventListener(event, action);
    const submit = (selector, action) => on(selector, "submit", (event) => {
      event.preventDefault();
      action(event.target.elements);
    });
    on(".keys", "click", (event) => this.#clickKey(event));
    submit(".dial", () => this.call());
    on(".answer", "click", () => this.#do("answer"));
    on(".reject", "click", () => this.#do("reject"));
    on(".hangup", "click", () => this.#do("hangup"));
    on(".sound", "click", () => this.#toggleSound());
    on(".own-choice", "change", (event) => this.#choose(event.target.value));
    submit(".own-other", (fields) => fields.number.value && this.#choose(fields.number.value));
    on(".write", "toggle", () => this.#suggestRecipient());
    submit(".send", (fields) => this.#send(fields));
  }

  // After a mouse click the next Enter means "call", not this key again; from the keyboard it stays a button.
  #clickKey(event) {
    if (!event.target.value) return;
    this.press(event.target.value);
    if (event.detail > 0) this.root.focus({ preventScroll: true });
  }

  #choose(number) {
    if (!number) {
      this.#find(".own-other").hidden = false;
      return this.#find(".own-other input").focus();
    }
    this.take(number);
    this.#onNumber(this.number);
  }

  #toggleSound() {
    if (hasSound(this)) leaveSound(this);
    else takeSound(this);
    const on = hasSound(this);
    this.#find(".sound").setAttribute("aria-pressed", String(on));
    this.#problem(on && !hasVoice("ko-KR") ? word("phone.no_voice") : "");
  }

  #suggestRecipient() {
    const field = this.#find(".send input");
    const received = (this.#state.messages ?? []).findLast((message) => !same(message.from, this.number));
    const other = received?.from ?? this.#find(".dial-to input").value;
    if (!field.value && other && !isWithheld(other)) field.value = shown(other);
  }

  async #send(fields) {
    this.#find(".sent-note").textContent = "";
    const sent = await this.#do("messages", { to: digitsOf(fields.to.value), body: fields.body.value });
    if (!sent) return;
    fields.body.value = "";
    this.#find(".sent-note").textContent = word("phone.sent");
  }
}
