// The wall: keeps its last picture and says so when the server is away; dark and full-screen as the room likes.

const wall = document.querySelector("#wall");
const lost = document.querySelector("#wall-lost");
const dark = document.querySelector("#wall-dark");

function clock(moment) {
  return new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(new Date(moment));
}

function tellLost() {
  const shown = document.querySelector("#wall-now");
  lost.textContent = lost.dataset.text.replace("{at}", clock(shown.dataset.at));
  lost.hidden = false;
  wall.classList.add("is-lost");
}

function tellFound() {
  lost.hidden = true;
  wall.classList.remove("is-lost");
}

function paint(isDark) {
  if (isDark) wall.dataset.theme = "contrast";
  else delete wall.dataset.theme;
  dark.setAttribute("aria-pressed", String(isDark));
}

document.addEventListener("htmx:sendError", tellLost);
document.addEventListener("htmx:timeout", tellLost);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.isError) {
    event.detail.shouldSwap = false;
    tellLost();
  } else tellFound();
});

document.querySelector("#wall-full").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else wall.requestFullscreen();
});
dark.addEventListener("click", () => {
  const isDark = wall.dataset.theme !== "contrast";
  localStorage.setItem("wall-dark", isDark ? "yes" : "");
  paint(isDark);
});
paint(Boolean(localStorage.getItem("wall-dark")));
