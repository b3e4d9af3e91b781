// The row of a phone that tells how its voice goes: connected, asked for, denied, muted, or taken by another window.

import { word } from "./words.js";

const LEVEL_MS = 250;

export class VoiceRow {
  #root;
  #find;
  #muted = false;
  #timer = null;
  #onMute;
  #last = null;

  /** onMute(isMuted) and onTake() tell what the person wishes. */
  constructor(root, onMute, onTake) {
    this.#root = root;
    this.#find = (selector) => root.querySelector(selector);
    this.#onMute = onMute;
    this.#find(".mute").addEventListener("click", () => this.#mute(!this.#muted));
    this.#find(".take").addEventListener("click", onTake);
  }

  /** Shows a device's state; `quality` reads its levels while the two pages are connected. */
  show(device, phone) {
    this.#last = [device, phone];
    const { state, taken, microphone, handset } = device;
    const { hasSound, quality } = phone;
    const hasPeers = handset.peers?.some((peer) => peer.voice);
    const talks = state === "talking" && (hasPeers || handset.recording);
    const kept = taken && state !== "idle";
    this.#root.hidden = !talks && !kept;
    if (!talks && this.#muted) this.#mute(false);
    const on = hasPeers ? "on" : "recorded";
    const text = word(`voice.${kept ? "taken" : this.#wordOf(hasSound, microphone, on)}`);
    if (this.#find(".voice-state").textContent !== text) this.#find(".voice-state").textContent = text;
    this.#find(".take").hidden = !kept;
    this.#find(".mute").hidden = this.#find(".level").hidden = kept || !hasSound;
    if (!hasPeers) this.#find(".level").hidden = true;
    this.#measure(talks && !kept && hasSound ? quality : null);
  }

  /** Writes its words again: the language has changed, or the person has muted. */
  redraw() {
    if (this.#last) this.show(...this.#last);
  }

  #wordOf(hasSound, microphone, on) {
    if (!hasSound) return "no_sound";
    if (this.#muted) return "muted";
    return { on, denied: "denied" }[microphone] ?? "asked";
  }

  #mute(isMuted) {
    this.#muted = isMuted;
    this.#find(".mute").setAttribute("aria-pressed", String(isMuted));
    this.#onMute(isMuted);
    this.redraw();
  }

  #measure(quality) {
    if (!quality) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    if (!quality || this.#timer) return;
    this.#timer = setInterval(async () => {
      const found = await quality();
      // Speech is quiet in plain numbers: the root shows it as an ear hears it.
      this.#find("meter").value = Math.sqrt(found?.level_out ?? 0);
    }, LEVEL_MS);
  }
}
