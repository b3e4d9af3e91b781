// What comes out of the loudspeaker: announcements spoken by the browser, rings and beeps as tones.
// A window has one loudspeaker, so one phone at a time has the sound.

const RING_HZ = [440, 480];
const BEEP_HZ = [1000];

let owner = null;
let audio = null;

export function takeSound(phone) {
  const before = owner;
  owner = phone;
  // Browsers let a page sound only after a click: this is called from one.
  audio ??= window.AudioContext ? new AudioContext() : null;
  audio?.resume();
  if (before && before !== phone) before.soundLost();
}

export function leaveSound(phone) {
  if (owner !== phone) return;
  hush(phone);
  owner = null;
}

export function hasSound(phone) {
  return owner === phone;
}

export function hasVoice(language) {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.some((voice) => voice.lang.toLowerCase().startsWith(language.slice(0, 2)));
}

export function speak(phone, text, language = "ko-KR") {
  if (owner !== phone || !window.speechSynthesis) return;
  window.speechSynthesis.cancel();
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = language;
  // The carrier counts about seven syllables a second; browsers read a little slower.
  speech.rate = 1.2;
  window.speechSynthesis.speak(speech);
}

export function hush(phone) {
  if (owner === phone) window.speechSynthesis?.cancel();
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
