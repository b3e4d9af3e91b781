// The telephone of the editor: says what is heard where that is wished, and sends a number with its keys.

const WISHED = "phone-speaks";

function speak(phone) {
  const box = phone.querySelector("[data-speaks]");
  if (!box.checked || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  for (const line of phone.querySelectorAll("[data-say]")) {
    const said = new SpeechSynthesisUtterance(line.textContent);
    said.lang = "ko-KR";
    speechSynthesis.speak(said);
  }
}

function shown(phone) {
  const screen = phone.querySelector(".screen");
  screen.scrollTop = screen.scrollHeight;
  phone.querySelector("[data-speaks]").checked = sessionStorage.getItem(WISHED) === "yes";
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-speaks]")) return;
  sessionStorage.setItem(WISHED, event.target.checked ? "yes" : "no");
  const phone = event.target.closest(".phone");
  if (event.target.checked) speak(phone);
  else speechSynthesis?.cancel();
});

// The digits join the keys pressed before, as the other buttons do it in their addresses.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-keys]");
  if (!form) return;
  const before = form.dataset.keys;
  event.detail.parameters.keys = `${before}${before ? "." : ""}${form.querySelector("#number-key").value || "_"}`;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const phone = document.querySelector("#phone");
  if (!phone || event.detail.target.id !== "phone") return;
  shown(phone);
  speak(phone);
  phone.querySelector(".key-button:enabled")?.focus({ preventScroll: true });
});

const first = document.querySelector("#phone");
if (first) shown(first);
