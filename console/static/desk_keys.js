// The shortcuts of the desk. By place on the keyboard, so that they work with Korean input on.

const BUTTONS = { KeyA: "act-answer", KeyH: "act-hold", KeyM: "act-mute", KeyE: "act-end", KeyS: "act-come" };
const PLACES = { KeyR: "#reject-reason", KeyT: "#tools a, #tools button, #tools input, #tools select, #tools textarea" };

function isBusy(element) {
  return element.closest("input, select, textarea, button, a, summary, dialog, [contenteditable]") !== null;
}

function pressed(event) {
  if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey) return;
  if (event.altKey && BUTTONS[event.code]) {
    document.getElementById(BUTTONS[event.code])?.click();
  } else if (event.altKey && PLACES[event.code]) {
    document.querySelector(PLACES[event.code])?.focus();
  } else if (!event.altKey && event.code === "Enter" && !isBusy(event.target)) {
    document.getElementById("act-answer")?.click();
  } else {
    return;
  }
  event.preventDefault();
}

export function listenForKeys() {
  document.addEventListener("keydown", pressed);
}
