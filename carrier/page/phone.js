// The page: one to six telephones, each somebody's, in Korean or English. The address keeps who they are.

import { Wire } from "/sdk/voice.js";
import { digitsOf, same } from "./numbers.js";
import { Phone } from "./view.js";
import { firstLanguage, otherLanguage, useLanguage, word } from "./words.js";

const MOST_PHONES = 6;
const FIRST_CALLER = "01010000001";
const FIRST_AGENT = "01020000001";
const query = new URLSearchParams(location.search);
const wide = matchMedia("(min-width: 64rem)");
const wire = new Wire();
const phones = [];
let directory = { lines: [], handsets: [] };
let active = null;

async function readDirectory() {
  try {
    const answer = await fetch("/directory");
    return answer.ok ? { ...directory, ...(await answer.json()) } : directory;
  } catch {
    return directory;
  }
}

// So that a reloaded or bookmarked tab is the same people again.
function keep() {
  query.delete("number");
  phones.forEach((phone) => query.append("number", phone.number));
  history.replaceState(null, "", `?${query}`);
}

function activate(phone) {
  active?.root.classList.remove("active");
  active = phone;
  phone?.root.classList.add("active");
}

function isUsed(number, but = null) {
  return phones.some((phone) => phone !== but && same(phone.number, number));
}

// The next caller of the directory who has no telephone here yet: callers have mobile phones, agents do not.
function nextNumber() {
  const free = directory.handsets.filter((one) => !isUsed(one.number));
  const caller = free.find((one) => digitsOf(one.number).startsWith("010"));
  if (caller) return caller.number;
  let number = Number(FIRST_CALLER.slice(1)) + phones.length;
  while (isUsed(`0${number}`)) number += 1;
  return `0${number}`;
}

function add(number) {
  const phone = new Phone({
    wire, number, directory,
    to: phones.length === 0 ? query.get("to") ?? "" : "",
    isUsed,
    onNumber: renumber,
    onRemove: () => remove(phone),
  });
  phones.push(phone);
  document.querySelector("#phones").append(phone.root);
  const mine = () => activate(phone);
  phone.root.addEventListener("pointerdown", mine);
  phone.root.addEventListener("focusin", mine);
  arrange();
  return phone;
}

function renumber() {
  arrange();
  keep();
}

function remove(phone) {
  phones.splice(phones.indexOf(phone), 1);
  phone.close();
  phone.root.remove();
  if (active === phone) activate(phones[0]);
  renumber();
  phones[0].root.focus();
}

function arrange() {
  phones.forEach((phone, index) => phone.stand(index + 1, phones.length));
  document.querySelector("#phones").dataset.count = phones.length;
  document.querySelector("#add").disabled = phones.length >= MOST_PHONES;
}

// With a desk of its own an agent needs no telephone here; without one, there is room for it on a wide screen.
function firstNumbers() {
  const asked = query.getAll("number").slice(0, MOST_PHONES);
  const numbers = asked.length ? asked : [FIRST_CALLER];
  if (asked.length > 1 || directory.desk_url || !wide.matches) return numbers;
  const other = directory.handsets.find((one) => !same(one.number, numbers[0]));
  return [...numbers, other?.number ?? FIRST_AGENT];
}

// Fields keep their own keys (only the number field gives Escape on); so do buttons theirs.
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

function listenToButtons() {
  document.querySelector("#language").addEventListener("click", async () => {
    await useLanguage(otherLanguage());
    markLanguage();
    phones.forEach((phone) => phone.redraw());
  });
  document.querySelector("#add").addEventListener("click", () => {
    const phone = add(nextNumber());
    activate(phone);
    keep();
    phone.root.focus();
    phone.root.scrollIntoView({ block: "nearest" });
  });
}

function markLanguage() {
  document.querySelector("#language").lang = otherLanguage();
  document.querySelector("#phones").setAttribute("aria-label", word("page.title"));
}

async function start() {
  await useLanguage(firstLanguage(query));
  markLanguage();
  directory = await readDirectory();
  const desk = document.querySelector("#desk");
  desk.hidden = !directory.desk_url;
  if (directory.desk_url) desk.href = directory.desk_url;
  for (const number of firstNumbers()) if (!isUsed(number)) add(digitsOf(number));
  activate(phones[0]);
  listenToKeys();
  listenToButtons();
}

start();
