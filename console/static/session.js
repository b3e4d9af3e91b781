// Two minutes before an unused session ends, asks whether to go on; the server alone knows when that is.

const WARN_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 600;
const dialog = document.querySelector("#session-ends");
const clock = dialog.querySelector(".session-clock");
const byItself = { "X-By-Itself": "yes" };
let endsAt = 0;
let asking = 0;

function askIn(seconds) {
  clearTimeout(asking);
  asking = setTimeout(ask, seconds * 1000);
}

async function ask() {
  let left;
  try {
    const answer = await fetch(dialog.dataset.left, { headers: byItself });
    if (answer.status === 401 || answer.redirected) return goOut();
    left = (await answer.json()).seconds;
  } catch {
    return askIn(30);
  }
  endsAt = Date.now() + left * 1000;
  if (left > WARN_SECONDS) {
    if (dialog.open) dialog.close();
    return askIn(Math.min(left - WARN_SECONDS, LONGEST_WAIT_SECONDS));
  }
  if (!dialog.open) dialog.showModal();
  // Another tab may have gone on with the session meanwhile.
  askIn(left > 10 ? 10 : Math.max(1, left));
}

function goOut() {
  const here = location.pathname + location.search;
  location.assign(`${dialog.dataset.over}?next=${encodeURIComponent(here)}`);
}

async function stay() {
  const token = document.querySelector('meta[name="csrf"]').content;
  await fetch(dialog.dataset.stay, { method: "POST", headers: { "X-CSRF": token } });
  await ask();
}

function tick() {
  if (!dialog.open) return;
  const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

dialog.querySelector("[data-stays]").addEventListener("click", stay);
dialog.addEventListener("cancel", stay);
setInterval(tick, 500);
askIn(60);
