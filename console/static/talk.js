// The tools of a talk: tabs that keep what was typed, drafts that leave with the page, and one dialog.

// An answer about a talk whose tools have gone meanwhile has no place in the page any more.
htmx.defineExtension("while-there", { transformResponse: (text, _request, asking) => (asking.isConnected ? text : "") });

function choose(tab) {
  const list = tab.closest('[role="tablist"]');
  for (const other of list.querySelectorAll('[role="tab"]')) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
}

function keyed(event) {
  const tab = event.target.closest?.('.talk-tabs [role="tab"]');
  if (!tab) return;
  const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  const place = { Home: 0, End: tabs.length - 1 }[event.key] ?? tabs.indexOf(tab) + (steps[event.key] ?? NaN);
  if (Number.isNaN(place)) return;
  event.preventDefault();
  const next = tabs[(place + tabs.length) % tabs.length];
  choose(next);
  next.focus();
}

// What was typed in the last second before the page is left or sleeps goes out without waiting for an answer.
function leave() {
  for (const memo of document.querySelectorAll("textarea[data-draft]")) {
    if (memo.value === memo.dataset.kept) continue;
    navigator.sendBeacon(memo.dataset.draft, new URLSearchParams(new FormData(memo.form)));
    memo.dataset.kept = memo.value;
    memo.dataset.left = "yes";
  }
}

// Who comes back is told of the version that left, so that one's own words are not taken for somebody else's.
function comeBack() {
  for (const memo of document.querySelectorAll("textarea[data-left]")) {
    delete memo.dataset.left;
    const status = memo.form.querySelector(".talk-status");
    htmx.ajax("POST", memo.dataset.draft, { source: memo, target: `#${status.id}`, swap: "outerHTML" });
  }
}

function remember(root) {
  for (const memo of root.querySelectorAll?.("textarea[data-draft]") ?? []) memo.dataset.kept ??= memo.value;
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest('.talk-tabs [role="tab"]');
  if (tab) choose(tab);
});
document.addEventListener("keydown", keyed);
document.addEventListener("htmx:load", (event) => remember(event.detail.elt));
document.addEventListener("htmx:afterRequest", (event) => {
  const memo = event.detail.elt.closest("form")?.querySelector("textarea[data-draft]");
  if (memo && event.detail.successful) memo.dataset.kept = event.detail.requestConfig.parameters.memo ?? memo.value;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "talk-dialog-body") return;
  const dialog = document.querySelector("#talk-dialog");
  if (!dialog.open) dialog.showModal();
});
window.addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave();
  else comeBack();
});
remember(document);
