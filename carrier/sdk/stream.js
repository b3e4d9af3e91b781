// Reading server-sent events with fetch, which unlike EventSource can show an access token.

const SILENT_MS = 40_000;
const CHECK_MS = 5_000;
const OWN_STREAMS = 3;
const OTHER_STREAMS = 2;

// A browser opens six connections to one host for all its tabs together. Were every page to hold one
// for its stream, the next could neither dial nor answer: five streams at most, the rest ask.
export async function takeStream(isOwnPage) {
  if (!navigator.locks) return null;
  for (let slot = 0; slot < (isOwnPage ? OWN_STREAMS : OTHER_STREAMS); slot += 1) {
    const release = await new Promise((settle) => {
      navigator.locks.request(`voice-stream-${slot}`, { ifAvailable: true }, (lock) => {
        if (!lock) return settle(null);
        return new Promise((done) => settle(done));
      });
    });
    if (release) return release;
  }
  return null;
}

function eventOf(block) {
  const event = { name: "message", data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event.name = line.slice(7);
    if (line.startsWith("data: ")) event.data += line.slice(6);
  }
  return event.data ? event : null;
}

/** Reads an answer until it ends; onEvent(name, data) for each event. Throws when it breaks or falls silent. */
export async function readEvents(answer, abort, onEvent) {
  let last = Date.now();
  const check = () => Date.now() - last > SILENT_MS && abort.abort();
  // After a sleep, a lost network or a long time in the background, nobody waits for the next check.
  const wake = () => document.visibilityState === "visible" && Date.now() - last > SILENT_MS / 2 && abort.abort();
  const timer = setInterval(check, CHECK_MS);
  const lose = () => abort.abort();
  const wakers = [
    [document, "visibilitychange", wake], [window, "pageshow", wake], [window, "online", wake], [window, "offline", lose],
  ];
  wakers.forEach(([target, name, act]) => target.addEventListener(name, act));
  try {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let kept = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      last = Date.now();
      const blocks = (kept + value).split("\n\n");
      kept = blocks.pop();
      for (const event of blocks.map(eventOf)) if (event) onEvent(event.name, JSON.parse(event.data));
    }
  } finally {
    clearInterval(timer);
    wakers.forEach(([target, name, act]) => target.removeEventListener(name, act));
  }
}
