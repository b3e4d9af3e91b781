// One phone on the screen: shows a handset's state and turns clicks and keys into what a person does.

import { Device, Refused } from "/sdk/voice.js";
import { digitsOf, isWithheld, same, shown } from "./numbers.js";
import { hasSound, hasVoice, hush, leaveSound, remembersSound, soundRing, takeSound, whenVoicesChange } from "./sound.js";
import { Transcript } from "./transcript.js";
import { VoiceRow } from "./voice-row.js";
import { fill, word } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
// Korean ringing: one second on, two seconds off.
const RING_ON = 1;
const RING_CYCLE = 3;
const IN_CALL = ["calling", "talking"];

function clockText(seconds) {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

export class Phone {
  #find;
  #wire;
  #directory;
  #transcript;
  #voice;
  #device = null;
  #reached = true;
  #state = { state: "idle" };
  #since = null;
  #pressed = "";
  #ring = 0;
  #place = 1;
  #isUsed;
  #onNumber;
  #timer;

  /** `isUsed(number, phone)`: another phone of the page has it; onNumber() and onRemove() tell what the person did. */
  constructor({ wire, number, directory, to, isUsed, onNumber, onRemove }) {
    this.root = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.#find = (selector) => this.root.querySelector(selector);
    this.#wire = wire;
    this.#directory = directory;
    this.#isUsed = isUsed;
    this.#onNumber = onNumber;
    this.#transcript = new Transcript(this, this.root);
    this.#voice = new VoiceRow(this.#find(".voice"), (isMuted) => this.#device.mute(isMuted), () => this.#device.take());
    this.#makeKeys();
    this.#makeLines();
    this.#listen();
    whenVoicesChange(() => this.#drawVoice());
    this.#find(".remove").addEventListener("click", onRemove);
    this.#find(".dial-to input").value = to ? shown(to) : "";
    this.#find(".pad").open = Boolean(to) || directory.lines.length === 0;
    this.take(number);
    this.#timer = setInterval(() => this.#tick(), 100);
  }

  /** This phone becomes the handset of `number`. */
  take(number) {
    this.#leave();
    this.number = digitsOf(number);
    this.#state = { state: "idle" };
    this.#pressed = "";
    this.#transcript.show({});
    this.redraw();
    const device = (this.#device = new Device({ number: this.number, wire: this.#wire }));
    device.addEventListener("state", ({ detail }) => device === this.#device && this.#change(detail));
    device.listen(hasSound(this));
    if (remembersSound(this.number)) this.#sound(true);
    device.start();
  }

  close() {
    clearInterval(this.#timer);
    this.#leave();
    leaveSound(this);
  }

  #leave() {
    const device = this.#device;
    this.#device = null;
    device?.stop();
  }

  redraw() {
    fill(this.root);
    this.#makeOwn();
    this.#find(".who").textContent = this.#find(".who").title = this.#title();
    const keys = this.#find(".keys");
    keys.setAttribute("aria-label", word("phone.keys"));
    for (const key of keys.children) {
      if ("*#".includes(key.value)) key.setAttribute("aria-label", word(`phone.key.${key.value}`));
    }
    this.#find(".remove").setAttribute("aria-label", word("phone.remove"));
    this.#find(".heard").parentElement.setAttribute("aria-label", word("phone.heard"));
    this.#find(".messages").parentElement.setAttribute("aria-label", word("phone.messages"));
    this.root.setAttribute("aria-label", `${this.#title()} ${shown(this.number)}`);
    this.#draw();
    this.#transcript.redraw();
    this.#voice.redraw();
  }

  /** The name and number of somebody, as the directory knows them. */
  nameOf(number) {
    if (!number) return "";
    if (isWithheld(number)) return word("phone.withheld");
    const known = [...this.#directory.lines, ...this.#directory.handsets].find((one) => same(one.number, number));
    return known?.name ? `${known.name} ${shown(number)}` : shown(number);
  }

  /** It is the phone number `place` of `count` on the page; the only one needs no number, and cannot go. */
  stand(place, count) {
    this.#place = place;
    this.root.classList.toggle("only", count === 1);
    this.#find(".remove").hidden = count === 1;
    this.redraw();
  }

  /** Another phone of the page has the loudspeaker and the microphone now. */
  soundLost() {
    this.#find(".sound").setAttribute("aria-pressed", "false");
    this.#drawVoice();
    this.#device?.listen(false);
  }

  key(name) {
    if (KEYS.includes(name)) return this.press(name);
    if (name === "Enter") return this.#state.state === "ringing" ? this.answer() : this.call();
    if (name === "Escape") return this.stop();
    if (name === "Backspace") this.#edit((text) => text.slice(0, -1));
  }

  press(digit) {
    if (this.#state.state === "idle") return this.#edit((text) => text + digit);
    if (this.#state.state !== "talking") return;
    this.#pressed += digit;
    this.#draw();
    this.#do(() => this.#device.press(digit));
  }

  call(number = this.#find(".dial-to input").value) {
    if (this.#state.state !== "idle") return;
    const to = digitsOf(number);
    if (!to) {
      this.#find(".pad").open = true;
      return this.#problem(word("problem.no_number"));
    }
    this.#pressed = "";
    this.#sound(true);
    this.#do(() => this.#device.dial(to));
  }

  answer() {
    this.#sound(true);
    this.#do(() => this.#device.answer());
  }

  stop() {
    if (this.#state.state === "ringing") return this.#do(() => this.#device.reject());
    if (IN_CALL.includes(this.#state.state)) return this.#do(() => this.#device.hangup());
    this.#edit(() => "");
  }

  async #do(order) {
    this.#problem("");
    try {
      await order();
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
    this.#find(".pad").open = true;
    const field = this.#find(".dial-to input");
    field.value = change(field.value);
  }

  #change(detail) {
    const before = this.#state;
    this.#state = detail.handset;
    this.#since = detail.since;
    this.#reached = detail.state !== "lost";
    if (before.state !== this.#state.state) this.#enter(before.state);
    this.#draw();
    this.#voice.show(detail, { hasSound: hasSound(this), quality: () => this.#device?.quality() });
    this.#transcript.show(this.#state);
  }

  #enter(before) {
    this.#ring = 0;
    if (before === "idle") this.#pressed = "";
    if (this.#state.state === "idle") {
      hush(this);
      this.#find(".pad").open = this.#directory.lines.length === 0;
    }
    this.#problem("");
    const inside = this.root.contains(document.activeElement);
    this.#drawActs();
    const focused = document.activeElement;
    if (inside && (focused.disabled || !focused.checkVisibility())) this.root.focus({ preventScroll: true });
  }

  #draw() {
    const { state, gather } = this.#state;
    this.root.dataset.state = state;
    const status = this.#reached ? word(`state.${state}`) : word("state.lost");
    if (this.#find(".state").textContent !== status) this.#find(".state").textContent = status;
    this.#find(".with").textContent = state === "idle" ? "" : this.nameOf(this.#state.with);
    this.#find(".gather").hidden = !(gather && state === "talking");
    this.#find(".digits").hidden = !this.#pressed || state === "idle";
    this.#find(".digits").textContent = word("phone.pressed", { digits: this.#pressed });
    this.#drawActs();
    this.#tick();
  }

  #drawActs() {
    const { state } = this.#state;
    const idle = state === "idle";
    this.#find(".call").hidden = !idle;
    this.#find(".answer").hidden = this.#find(".reject").hidden = state !== "ringing";
    this.#find(".hangup").hidden = !IN_CALL.includes(state);
    this.#find(".dial-to").hidden = !idle;
    this.#find(".pad summary").hidden = !idle;
    if (!idle) this.#find(".pad").open = state !== "ringing";
    this.#find(".lines").hidden = !idle || this.#directory.lines.length === 0;
    for (const key of this.#find(".keys").children) key.disabled = ["ringing", "calling"].includes(state);
    this.#find(".own").hidden = !idle;
  }

  #tick() {
    const { state } = this.#state;
    const seconds = this.#since === null ? 0 : Math.max(0, (Date.now() - this.#since) / 1000);
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
    const name = this.#directory.handsets.find((one) => same(one.number, this.number))?.name;
    return name || word("phone.title", { count: this.#place });
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
    const options = handsets.map((one) => {
      const option = new Option(`${one.name ?? ""} ${shown(one.number)}`.trim(), digitsOf(one.number));
      option.disabled = this.#isUsed(one.number, this);
      return option;
    });
    choice.replaceChildren(...options, new Option(word("phone.another"), ""));
    choice.value = this.number;
    this.#find(".own-other").hidden = true;
  }

  #makeLines() {
    const lines = this.#directory.lines.map((one) => {
      const entry = document.createElement("button");
      entry.type = "button";
      const number = document.createElement("span");
      number.textContent = shown(one.number);
      entry.append(one.name ?? "", " ", number);
      entry.addEventListener("click", () => this.call(one.number));
      const item = document.createElement("li");
      item.append(entry);
      return item;
    });
    this.#find(".lines ul").append(...lines);
  }

  #listen() {
    const on = (selector, event, action) => this.#find(selector).addEventListener(event, action);
    const submit = (selector, action) => on(selector, "submit", (event) => {
      event.preventDefault();
      action(event.target.elements);
    });
    on(".keys", "click", (event) => this.#clickKey(event));
    submit(".dial", () => this.call());
    on(".answer", "click", () => this.answer());
    on(".reject", "click", () => this.stop());
    on(".hangup", "click", () => this.stop());
    on(".sound", "click", () => this.#sound(!hasSound(this)));
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
    if (this.#isUsed(number, this)) return this.#problem(word("problem.used"));
    this.take(number);
    this.#onNumber();
  }

  #sound(isOn) {
    if (isOn === hasSound(this)) return;
    if (isOn) takeSound(this);
    else leaveSound(this);
    this.#find(".sound").setAttribute("aria-pressed", String(isOn));
    this.#device?.listen(isOn);
    this.#drawVoice();
  }

  #drawVoice() {
    this.#find(".no-voice").hidden = !hasSound(this) || hasVoice("ko-KR");
  }

  #suggestRecipient() {
    const field = this.#find(".send input");
    const received = (this.#state.messages ?? []).findLast((message) => !same(message.from, this.number));
    const other = received?.from ?? this.#find(".dial-to input").value;
    if (!field.value && other && !isWithheld(other)) field.value = shown(other);
  }

  async #send(fields) {
    this.#find(".sent-note").textContent = "";
    const sent = await this.#do(() => this.#device.write(digitsOf(fields.to.value), fields.body.value));
    if (!sent) return;
    fields.body.value = "";
    this.#find(".sent-note").textContent = word("phone.sent");
  }
}
