// The desk: hears of every change, shows it, and tells it: by sound, in the title, by a notification, aloud.

const desk = document.querySelector("#desk");
const trouble = document.querySelector("#desk-trouble");
const modules = ["Clock", "Ring", "Keys", "Panel", "Phone", "Tone"].map((name) => import(desk.dataset[`module${name}`]));
const [{ Clock, post }, { RingCounter }, { listenForKeys }, { PhonePanel }, { Phone }, { Tone }] = await Promise.all(modules);

const LOST_AFTER_MS = 3_000;
const SILENT_AFTER_MS = 20_000;
const LOOK_MS = 5_000;
const ASK_AGAIN_MS = 5_000;
const SOUND = "desk-sound";

const clock = new Clock(desk.dataset.beat);
const tone = new Tone();
const title = document.title;
let shown = {};
let ringing = null;
let lost = null;
let isDue = false;
let isElsewhere = false;
let notification = null;

function announce(text) {
  document.querySelector("#spoken").textContent = text;
}

function live() {
  return document.querySelector("#live");
}

function isAsking() {
  return document.querySelector('#desk .htmx-request[hx-trigger*="desk from:body"]') !== null;
}

// A word that comes while a piece is on its way would be lost with the piece that it replaces: it is passed on then.
function lookAgain() {
  isDue = isAsking();
  window.htmx.trigger(document.body, "desk");
}

function catchUp() {
  if (isDue && !isAsking()) lookAgain();
}

async function beat() {
  const status = await clock.beat();
  if (status === 401) over();
  else reached(status !== 0 && status < 500);
}

// Trouble

function say(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

/** Whether the server answered just now; a moment without it is not worth a word. */
function reached(isReached) {
  if (isReached) {
    clearTimeout(lost);
    lost = null;
    say(isElsewhere ? trouble.dataset.elsewhere : "");
  } else {
    lost ??= setTimeout(() => say(trouble.dataset.lost), LOST_AFTER_MS);
  }
}

function over() {
  say(trouble.dataset.over);
  window.location.assign(desk.dataset.signIn);
}

// Another tab of this person works on another line: what is shown here stays, and so does the talk.
function elsewhere({ detail }) {
  const isGone = detail.xhr.status === 403 || detail.xhr.status === 404;
  if (!isGone || !detail.target.closest("#desk") || !detail.requestConfig.headers["X-By-Itself"]) return;
  detail.shouldSwap = false;
  isElsewhere = true;
  say(trouble.dataset.elsewhere);
}

// Changes

function listen() {
  const stream = new EventSource(desk.dataset.stream);
  stream.addEventListener("open", () => reached(true));
  stream.addEventListener("desk", lookAgain);
  stream.addEventListener("beat", beat);
  stream.addEventListener("over", () => {
    stream.close();
    over();
  });
  stream.addEventListener("error", () => {
    // A stream that was refused is not asked for again by the browser; the pieces ask by themselves meanwhile.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, ASK_AGAIN_MS);
    else reached(false);
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

// Showing

function ring(box) {
  const counted = live().querySelector("[data-ring]");
  const cadence = { toneMs: Number(counted?.dataset.toneMs ?? 1000), pauseMs: Number(counted?.dataset.pauseMs ?? 2000) };
  if (document.querySelector("[data-ring-sound]").checked) tone.start(cadence);
  document.title = `☎ ${box.title}`;
  announce(box.spokenRing);
  if (document.hidden && window.Notification?.permission === "granted") {
    notification = new Notification(box.title, { body: box.from, tag: "ring", requireInteraction: true });
    notification.onclick = () => window.focus();
  }
}

function ringOff() {
  tone.stop();
  document.title = title;
  notification?.close();
  notification = null;
}

function changed() {
  const box = live().dataset;
  const rings = box.phase === "ringing" ? box.subject : null;
  if (rings !== ringing) {
    if (ringing) ringOff();
    ringing = rings;
    if (rings) ring(box);
  }
  if (box.phase !== shown.phase) announcePhase(box);
  if (box.phase !== "talking") document.querySelector("#keypad")?.close();
  shown = { phase: box.phase, subject: box.subject };
  showTools(box.tools);
  showPhone();
}

function announcePhase(box) {
  const words = { talking: box.spokenTalking, ending: box.spokenEnding, wrapping: box.spokenWrapping }[box.phase];
  if (words && shown.phase) announce(words);
}

function showTools(wanted) {
  const tools = document.querySelector("#tools");
  if (tools.dataset.shows === wanted) return;
  tools.dataset.shows = wanted;
  window.htmx.ajax("GET", desk.dataset.tools, { target: "#tools", swap: "innerHTML" });
}

function failed({ detail }) {
  reached(false);
  if (detail.target?.id !== "tools") return;
  setTimeout(() => {
    detail.target.dataset.shows = "";
    if (live().dataset.tools) showTools(live().dataset.tools);
  }, LOST_AFTER_MS);
}

function showPhone() {
  document.getElementById("act-mute")?.setAttribute("aria-pressed", String(phone?.isMuted ?? false));
  const own = live().querySelector(".idle-ring");
  if (own) own.hidden = phone?.state !== "ringing";
}

// The telephone

async function fetchToken() {
  const response = await post(desk.dataset.token);
  if (!response.ok) throw new Error((await response.json()).problem);
  return { ...(await response.json()), sdk: desk.dataset.sdk };
}

async function openPhone() {
  if (!desk.dataset.driver) return null;
  const { connect } = await import(desk.dataset.moduleDriver);
  return new Phone(connect, fetchToken);
}

// Settings of this browser

function rememberSound() {
  const box = document.querySelector("[data-ring-sound]");
  box.checked = localStorage.getItem(SOUND) !== "off";
  box.addEventListener("change", () => {
    localStorage.setItem(SOUND, box.checked ? "on" : "off");
    if (!box.checked) tone.stop();
  });
}

function offerNotifications() {
  const button = document.querySelector("[data-notify]");
  const show = () => {
    button.hidden = !window.Notification || Notification.permission !== "default";
    document.querySelector("[data-notified]").hidden = window.Notification?.permission !== "granted";
  };
  button.addEventListener("click", () => Notification.requestPermission().then(show));
  show();
}

function leave() {
  const form = new FormData();
  form.append("csrf", document.querySelector('meta[name="csrf"]').content);
  navigator.sendBeacon(desk.dataset.close, form);
}

const phone = await openPhone();
rememberSound();
offerNotifications();
listenForKeys();
new RingCounter(clock, announce);
if (phone) new PhonePanel(phone, showPhone).begin();
document.addEventListener("htmx:afterSettle", changed);
document.addEventListener("htmx:afterSettle", catchUp);
document.addEventListener("htmx:afterRequest", catchUp);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:beforeSwap", elsewhere);
document.addEventListener("htmx:afterOnLoad", (event) => {
  const { status } = event.detail.xhr;
  if (status >= 500) return failed(event);
  if (status < 300 && event.detail.elt.id === "live") isElsewhere = false;
  reached(true);
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  lookAgain();
  beat();
});
window.addEventListener("online", lookAgain);
window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
window.addEventListener("pagehide", leave);
// The stream gives the beat also to a tab that sleeps; without a stream the page keeps time itself.
setInterval(() => Date.now() - clock.lastBeat > SILENT_AFTER_MS && beat(), LOOK_MS);
beat();
listen();
changed();
