// The page: one phone, or two side by side where there is room, in Korean or English.

import { digitsOf, same } from "./numbers.js";
import { firstLanguage, otherLanguage, useLanguage, word } from "./words.js";
import { Phone } from "./view.js";

const FIRST_CALLER = "01010000001";
const FIRST_AGENT = "01020000001";
const query = new URLSearchParams(location.search);
const wide = matchMedia("(min-width: 64rem)");
const phones = {};
let active = null;

async function readDirectory() {
  const none = { lines: [], handsets: [] };
  try {
    const answer = await fetch("/directory");
    return answer.ok ? { ...none, ...(await answer.json()) } : none;
  } catch {
    return none;
  }
}

// The address keeps who is who, so that a reloaded or bookmarked tab is the same person again.
function keep(name, number) {
  query.set(name, number);
  history.replaceState(null, "", `?${query}`);
}

function activate(phone) {
  active?.root.classList.remove("active");
  active = phone;
  phone.root.classList.add("active");
}

function addPhone(place, name, { number, to, directory }) {
  const phone = new Phone(place, { number, to, directory, onNumber: (taken) => keep(name, taken) });
  phones[place] = phone;
  document.querySelector("#phones").append(phone.root);
  const mine = () => activate(phone);
  phone.root.addEventListener("pointerdown", mine);
  phone.root.addEventListener("focusin", mine);
}

// A browser tab with room for one phone is one person, and holds no second handset.
function arrange(directory) {
  if (wide.matches && !phones.second) {
    const other = directory.handsets.find((one) => !same(one.number, phones.first.number));
    const number = query.get("second") || other?.number || FIRST_AGENT;
    addPhone("second", "second", { number, to: "", directory });
  }
  if (phones.second) phones.second.root.hidden = !wide.matches;
  phones.first.stand(!wide.matches);
  if (!wide.matches) activate(phones.first);
}

// Fields keep their own keys (only the number field gives Enter and Escape on); so do buttons theirs.
function goesToPhone(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  const target = event.target;
  if (target.matches("textarea, select, summary")) return false;
  if (target.matches("input")) return event.key === "Escape" && Boolean(target.closest(".dial"));
  if (target.matches("button, a")) return event.key !== "Enter";
  return true;
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (!active || !goesToPhone(event)) return;
    if (!/^[0-9*#]$|^(Enter|Escape|Backspace)$/.test(event.key)) return;
    event.preventDefault();
    active.key(event.key);
  });
}

function listenToLanguage() {
  document.querySelector("#language").addEventListener("click", async () => {
    await useLanguage(otherLanguage());
    markLanguage();
    Object.values(phones).forEach((phone) => phone.redraw());
  });
}

function markLanguage() {
  document.querySelector("#language").lang = otherLanguage();
  document.querySelector("#phones").setAttribute("aria-label", word("page.title"));
}

async function start() {
  await useLanguage(firstLanguage(query));
  markLanguage();
  const directory = await readDirectory();
  const number = digitsOf(query.get("number") || FIRST_CALLER);
  addPhone("first", "number", { number, to: query.get("to") ?? "", directory });
  activate(phones.first);
  arrange(directory);
  wide.addEventListener("change", () => arrange(directory));
  listenToKeys();
  listenToLanguage();
}

start();
