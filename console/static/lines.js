// Words are heard by the browser's own voice; keys of the keyboard walk a line.

const LISTENS = "charterline-lines-listens";

function say(text, ended) {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = /[\uac00-\ud7a3]/.test(text) ? "ko-KR" : "en-US";
  spoken.onend = ended;
  spoken.onerror = ended;
  window.speechSynthesis.speak(spoken);
}

function speaking(button) {
  const before = button.textContent;
  if (window.speechSynthesis.speaking) {
    window.speechSynthesis.cancel();
    return;
  }
  button.textContent = button.dataset.stop;
  say(document.getElementById(button.dataset.speaks).textContent, () => {
    button.textContent = before;
  });
}

function showButtons(root) {
  if (!("speechSynthesis" in window)) return;
  for (const button of root.querySelectorAll("[data-speaks]")) button.hidden = false;
}

// What is new since the last key, in the order in which a caller hears it.
function listen() {
  const box = document.querySelector("[data-listens]");
  if (!box) return;
  box.checked = sessionStorage.getItem(LISTENS) === "yes";
  box.addEventListener("change", () => {
    sessionStorage.setItem(LISTENS, box.checked ? "yes" : "no");
    if (box.checked) sayNew();
    else window.speechSynthesis?.cancel();
  });
  if (box.checked) sayNew();
}

function sayNew() {
  if (!("speechSynthesis" in window)) return;
  window.speechSynthesis.cancel();
  for (const line of document.querySelectorAll(".heard-line.is-new p")) say(line.textContent, () => {});
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-speaks]");
  if (button) speaking(button);
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`.keypad [data-key="${CSS.escape(event.key)}"]`)?.click();
});
document.addEventListener("htmx:afterSwap", (event) => showButtons(event.target.parentElement ?? document));

showButtons(document);
listen();
document.querySelector(".heard li:last-child")?.scrollIntoView({ block: "nearest" });
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
