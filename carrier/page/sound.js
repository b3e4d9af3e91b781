// What comes out of the loudspeaker: announcements spoken by the browser, rings and beeps as tones.
// A window has one loudspeaker and one microphone, so one phone at a time has the sound.

import { isHere } from "./linked.js";

const RING_HZ = [440, 480];
const BEEP_HZ = [1000];

const kept = "charterline.phone.sound";
let owner = null;
let audio = null;
let playing = null;

export function takeSound(phone) {
  const before = owner;
  owner = phone;
  sessionStorage.setItem(kept, phone.number);
  // Browsers let a page sound only after a click: this is called from one.
  audio ??= window.AudioContext ? new AudioContext() : null;
  audio?.resume();
  if (before && before !== phone) before.soundLost();
}

export function leaveSound(phone) {
  if (owner !== phone) return;
  hush(phone);
  owner = null;
  sessionStorage.removeItem(kept);
}

/** Whether the phone of this number had the sound before the page was loaded anew. */
export function remembersSound(number) {
  return owner === null && sessionStorage.getItem(kept) === number;
}

export function hasSound(phone) {
  return owner === phone;
}

export function hasVoice(language) {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.some((voice) => voice.lang.toLowerCase().startsWith(language.slice(0, 2)));
}

/** onChange() runs when the browser has found its voices, which takes it a while. */
export function whenVoicesChange(onChange) {
  window.speechSynthesis?.addEventListener?.("voiceschanged", onChange);
}

// A sentence without any Korean letter is English: the lines speak no third language.
export function speak(phone, text) {
  if (owner !== phone || !window.speechSynthesis) return;
  hush(phone);
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = /[\uac00-\ud7a3]/.test(text) ? "ko-KR" : "en-US";
  // The carrier counts about seven syllables a second; browsers read a little slower.
  speech.rate = 1.2;
  window.speechSynthesis.speak(speech);
}

// What an app plays is where the app is, on this machine; a recording of the carrier's own is read from the carrier.
function addressOf(url) {
  const recording = new URL(url, location.href).pathname.match(/\/Recordings\/(RE\w+)/);
  if (recording) return `/sounds/${recording[1]}`;
  return isHere(url) ? url : "";
}

export function play(phone, url) {
  if (owner !== phone || !url) return;
  hush(phone);
  const address = addressOf(url);
  if (!address) return;
  playing = new Audio(address);
  playing.volume = 0.7;
  playing.play().catch(() => {});
}

export function hush(phone) {
  if (owner !== phone) return;
  window.speechSynthesis?.cancel();
  playing?.pause();
  playing = null;
}

function tone(phone, frequencies, seconds) {
  if (owner !== phone || !audio) return;
  const volume = audio.createGain();
  volume.gain.value = 0.06;
  volume.connect(audio.destination);
  for (const frequency of frequencies) {
    const wave = audio.createOscillator();
    wave.frequency.value = frequency;
    wave.connect(volume);
    wave.start();
    wave.stop(audio.currentTime + seconds);
  }
}

export function soundRing(phone) {
  tone(phone, RING_HZ, 1);
}

export function soundBeep(phone) {
  tone(phone, BEEP_HZ, 0.4);
}
