// A recording's waveform shows how far it was heard, and a click on it goes there; the player itself stays the browser's.

function partsOf(inside) {
  const box = inside.closest(".recording");
  return { sound: box?.querySelector("audio"), bars: box ? [...box.querySelectorAll(".waveform rect")] : [] };
}

function paint(event) {
  if (!event.target.matches?.(".recording audio")) return;
  const { sound, bars } = partsOf(event.target);
  const heard = sound.duration ? (sound.currentTime / sound.duration) * bars.length : 0;
  bars.forEach((bar, place) => bar.classList.toggle("heard", place < heard));
}

document.addEventListener("click", (event) => {
  const picture = event.target.closest(".waveform");
  if (!picture) return;
  const { sound } = partsOf(picture);
  if (!sound?.duration) return;
  const box = picture.getBoundingClientRect();
  sound.currentTime = ((event.clientX - box.left) / box.width) * sound.duration;
});
// Events of a player do not rise: they are caught on their way down.
for (const name of ["timeupdate", "seeked", "loadedmetadata"]) document.addEventListener(name, paint, true);
