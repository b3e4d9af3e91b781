// What a handset has heard and which messages it has: two lists that only grow where they changed,
// so that a screen reader reads each new line once.

import { placeText } from "./linked.js";
import { same } from "./numbers.js";
import { hush, play, soundBeep, speak } from "./sound.js";
import { word } from "./words.js";

const SHOWN = 200;

/** A time of the carrier (ISO text or seconds) as milliseconds; null when there is none. */
export function millis(at) {
  if (at === null || at === undefined) return null;
  const value = typeof at === "number" ? at * 1000 : Date.parse(at);
  return Number.isNaN(value) ? null : value;
}

const clock = new Intl.DateTimeFormat("ko-KR", {
  timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

// Parts of a line are made once and changed only where they differ, or a screen reader would read them again.
function place(line, kind, text, tag = "span") {
  let part = line.querySelector(`.${kind}`);
  if (!part) {
    part = document.createElement(tag);
    part.className = kind;
    line.append(part);
  }
  if (part.textContent !== text) part.textContent = text;
  return part;
}

function placeTime(line, at) {
  const when = millis(at);
  const time = place(line, "at", when === null ? "" : clock.format(when), "time");
  if (when !== null) time.dateTime = new Date(when).toISOString();
}

function isNow(entry) {
  return entry.until === null || entry.until === undefined;
}

function textOf(entry) {
  if (entry.kind === "say") return entry.text;
  const name = word(`heard.${entry.kind}`);
  if (entry.kind === "play" && entry.url) return `${name} ${entry.url.split(/[?#]/)[0].split("/").pop()}`;
  // A message is read in its own list.
  return entry.text && entry.kind !== "message" ? `${name}: ${entry.text}` : name;
}

function fillEntry(line, entry, before) {
  const now = isNow(entry);
  line.className = `entry ${entry.kind}`;
  line.classList.toggle("now", now);
  line.classList.toggle("begins", Boolean(before?.call && entry.call) && before.call !== entry.call);
  placeTime(line, entry.at);
  place(line, "what", textOf(entry)).title = entry.url ?? "";
  const cut = entry.kind === "say" && entry.complete === false;
  place(line, "mark", now ? word("heard.now") : cut ? word("heard.cut") : "");
}

function fillMessage(line, message, phone) {
  const sent = same(message.from, phone.number);
  const number = phone.nameOf(sent ? message.to : message.from);
  line.className = sent ? "sent" : "received";
  place(line, "head", word(sent ? "message.to" : "message.from", { number }));
  placeTime(line, message.at);
  placeText(place(line, "body", ""), message.body ?? message.text ?? "");
}

// A line stays in place, and is filled anew only when it changed; old ones leave at the top.
function showLines(list, items, idOf, fillLine) {
  const log = list.parentElement;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const ids = items.map(idOf);
  const wanted = new Set(ids);
  [...list.children].filter((line) => !wanted.has(line.dataset.id)).forEach((line) => line.remove());
  const lines = new Map([...list.children].map((line) => [line.dataset.id, line]));
  items.forEach((item, index) => {
    const line = lines.get(ids[index]) ?? document.createElement("li");
    line.dataset.id = ids[index];
    if (list.children[index] !== line) list.insertBefore(line, list.children[index] ?? null);
    const content = JSON.stringify(item);
    if (line.dataset.content === content) return;
    line.dataset.content = content;
    fillLine(line, item, items[index - 1]);
  });
  if (atEnd) log.scrollTop = log.scrollHeight;
}

// Two pieces of one call may begin in the same millisecond: the count tells them apart.
function numbered(nameOf) {
  const seen = new Map();
  return (item) => {
    const name = nameOf(item);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return `${name} ${seen.get(name)}`;
  };
}

export class Transcript {
  #phone;
  #root;
  #speaking = null;
  #beeped = null;
  #last = { heard: [], messages: [] };

  constructor(phone, root) {
    this.#phone = phone;
    this.#root = root;
  }

  show(state) {
    this.#last = { heard: state.heard ?? [], messages: state.messages ?? [] };
    this.#draw();
    this.#sound(this.#last.heard.at(-1));
  }

  /** Writes every line again: the language has changed. */
  redraw() {
    this.#root.querySelectorAll(".heard li, .messages li").forEach((line) => delete line.dataset.content);
    this.#draw();
  }

  #draw() {
    const { heard, messages } = this.#last;
    const own = this.#phone.number;
    showLines(this.#root.querySelector(".heard"), heard.slice(-SHOWN),
      numbered((entry) => `${entry.call ?? ""} ${entry.at} ${entry.kind}`), fillEntry);
    showLines(this.#root.querySelector(".messages"), messages.slice(-SHOWN),
      numbered((message) => `${own} ${message.sid ?? message.at}`), (line, message) => fillMessage(line, message, this.#phone));
    this.#root.querySelector(".heard-none").hidden = heard.length > 0;
    this.#root.querySelector(".messages-none").hidden = messages.length > 0;
  }

  #sound(entry) {
    const key = entry && `${entry.at} ${entry.kind}`;
    const now = entry && isNow(entry);
    if (now && ["say", "play"].includes(entry.kind)) {
      if (key !== this.#speaking && entry.kind === "say") speak(this.#phone, entry.text);
      if (key !== this.#speaking && entry.kind === "play") play(this.#phone, entry.url);
      this.#speaking = key;
      return;
    }
    // A sentence heard to its end may finish here too; one cut by a key or a hang-up stops at once.
    const finished = key === this.#speaking && entry.kind === "say" && entry.complete !== false;
    if (this.#speaking && !finished) {
      hush(this.#phone);
      this.#speaking = null;
    }
    if (entry?.kind === "beep" && key !== this.#beeped) soundBeep(this.#phone);
    if (entry?.kind === "beep") this.#beeped = key;
  }
}
