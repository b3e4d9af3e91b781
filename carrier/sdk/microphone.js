// The page's one microphone, shared by all telephones on it.

const WISHES = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

let device = "";
let opening = null;
const users = new Set();

async function open() {
  if (!navigator.mediaDevices) throw new DOMException("this page may not use a microphone", "NotFoundError");
  const wishes = device ? { ...WISHES, deviceId: { ideal: device } } : WISHES;
  const found = await navigator.mediaDevices.getUserMedia({ audio: wishes });
  const [track] = found.getAudioTracks();
  // A headset that is pulled out ends its track: the next best microphone takes its place.
  track.addEventListener("ended", () => reopen());
  return track;
}

async function close() {
  const closing = opening;
  opening = null;
  const track = await closing?.catch(() => null);
  track?.stop();
}

async function reopen() {
  await close();
  users.forEach((user) => user.ask());
}

/** Takes another microphone from now on, also in a call; an empty id means the browser's own choice. */
export function chooseMicrophone(id) {
  device = id;
  return reopen();
}

// Who says yes only after the browser had said no should not have to call again.
async function waitForPermission() {
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
  permission?.addEventListener("change", () => permission.state === "granted" && reopen(), { once: true });
}

/** One telephone's hold on the microphone. The last to let go switches it off, and with it the browser's sign. */
export class Microphone {
  /** off, asked (the person has not said yes yet), on, or denied: then the call goes on, and silence is sent. */
  state = "off";
  track = null;
  #onChange;

  /** onChange() tells that `state` or `track` is another. */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Asks for it, once a call. */
  want() {
    if (users.has(this)) return;
    users.add(this);
    this.ask();
  }

  async ask() {
    this.#become("asked", null);
    try {
      opening ??= open();
      const track = await opening;
      if (users.has(this)) this.#become("on", track);
      else if (users.size === 0) close();
    } catch {
      opening = null;
      if (!users.has(this)) return;
      this.#become("denied", null);
      waitForPermission();
    }
  }

  letGo() {
    if (!users.delete(this)) return;
    if (users.size === 0) close();
    this.#become("off", null);
  }

  #become(state, track) {
    this.state = state;
    this.track = track;
    this.#onChange();
  }
}
