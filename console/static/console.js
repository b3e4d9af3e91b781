// What every page does by itself: the menu on small screens, dialogs, clocks that run, forms that are sent once.

const SOON_SECONDS = 600;
const AGAIN_MS = 3_000;
const FILE_MS = 2_000;

function csrf() {
  return document.querySelector('meta[name="csrf"]').content;
}

/** Say something to screen readers without moving the focus. */
export function announce(text) {
  document.querySelector("#spoken").textContent = text;
}

/** The present moment by the server's clock, as this page was told it: desks must not depend on their own. */
const ahead = Date.parse(document.querySelector('meta[name="clock"]').content) - Date.now();
function serverNow() {
  return Date.now() + ahead;
}

function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const tail = `${String(whole % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

function runClocks() {
  const now = serverNow();
  for (const clock of document.querySelectorAll("[data-since]")) {
    clock.textContent = stopwatch((now - Date.parse(clock.dataset.since)) / 1000);
  }
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = (Date.parse(clock.dataset.until) - now) / 1000;
    clock.textContent = left < 0 ? `+${stopwatch(-left)}` : stopwatch(left);
    clock.classList.toggle("late", left < 0);
    clock.classList.toggle("soon", left >= 0 && left < SOON_SECONDS);
  }
}

function openMenu(button) {
  const menu = document.querySelector("#menu");
  const open = menu.classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
}

function clicked(event) {
  const target = event.target.closest("button, a");
  if (!target) return;
  if (target.matches(".menu-button")) openMenu(target);
  if (target.dataset.opens) document.getElementById(target.dataset.opens).showModal();
  if (target.matches("[data-closes]")) target.closest("dialog").close();
}

// A form goes out once: a second click, or an impatient Enter, must not send it again.
function submitted(event) {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  const button = event.submitter;
  // After this turn: a disabled or changed button would not be part of what is sent.
  setTimeout(() => button?.setAttribute("aria-busy", "true"));
  if ("givesFile" in form.dataset) setTimeout(() => stay(form), FILE_MS);
}

/** A file has come, or will come, and the page stays: as it was before it was asked for. */
function stay(form) {
  released(form);
  form.closest("dialog")?.close();
}

function released(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

document.addEventListener("click", clicked);
document.addEventListener("submit", submitted, true);
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRF"] = csrf();
  if (!event.detail.triggeringEvent || !["click", "submit", "change", "input", "keyup"].includes(event.detail.triggeringEvent.type)) {
    event.detail.headers["X-By-Itself"] = "yes";
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) released(form);
  if (event.detail.successful && event.detail.elt.querySelector("[data-closes-after]")) event.detail.elt.closest("dialog")?.close();
});
// What could not be done is told in the piece that it was asked of: once, however often it was tried.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.isError || detail.requestConfig.headers["X-By-Itself"]) return;
  for (const told of detail.target.querySelectorAll(":scope > .problem-now")) told.remove();
});

// A piece that loads itself once asks again where nobody answered; what asks every few seconds does so anyway.
function askAgain({ detail: { elt } }) {
  const trigger = elt.getAttribute("hx-trigger") ?? "";
  if (!/\bload\b/.test(trigger) || trigger.includes("every")) return;
  setTimeout(() => elt.isConnected && window.htmx.ajax("GET", elt.getAttribute("hx-get"), { source: elt }), AGAIN_MS);
}
document.addEventListener("htmx:sendError", askAgain);
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && askAgain(event));
// The browser's way back shows a page as it was left: its forms may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(released));

setInterval(runClocks, 500);
runClocks();
