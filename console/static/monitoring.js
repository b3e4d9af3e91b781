// A supervisor's softphone: it rings only because the supervisor asked to be beside a talk, so it answers by itself.

import { Phone } from "./phone/phone.js";

const box = document.querySelector("#supervisor-phone");
const DRIVERS = { local: () => import("./phone/local.js"), twilio: () => import("./phone/twilio.js") };

async function fetchToken() {
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const answer = await fetch(box.dataset.token, { method: "POST", headers: { "X-CSRF": csrf, "X-By-Itself": "yes" } });
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return answer.json();
}

function show(state) {
  box.querySelector("[data-state]").textContent = box.dataset[state] ?? "";
}

// One dialog for all talks: the button that opened it says which one it is about.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-comes]");
  if (!button) return;
  document.querySelector("#come form").action = button.dataset.comes;
  document.querySelector("#come-title").textContent = button.dataset.title;
});

async function start() {
  const load = DRIVERS[box?.dataset.driver];
  if (!load) return;
  const { connect } = await load();
  const phone = new Phone(connect, fetchToken);
  phone.addEventListener("state", ({ detail }) => {
    show(detail.state);
    if (detail.state === "ringing") phone.answer();
  });
  try {
    await phone.start();
  } catch {
    show("failed");
  }
}

start();
