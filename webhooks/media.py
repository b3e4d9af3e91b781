"""The music of the queue: a calm figure of our own, so that no recording has to be licensed or fetched."""

import array
import io
import math
import wave
from functools import lru_cache

RATE = 8000
SHORTEST, LONGEST = 5, 60
# A slow walk over a major triad with its sixth: frequencies in hertz, one note each half second.
NOTES = (261.63, 329.63, 392.00, 440.00, 392.00, 329.63, 293.66, 349.23, 440.00, 392.00)
NOTE_SECONDS = 0.5
LOUDNESS = 5000


@lru_cache(maxsize=16)
def waiting_music(seconds: int) -> bytes:
    """A WAV file, 8 kHz mono 16 bit, of a length between 5 and 60 seconds."""
    length = min(max(seconds, SHORTEST), LONGEST)
    figure = _figure()
    samples = (figure * -(-length * RATE // len(figure)))[: length * RATE]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()


@lru_cache(maxsize=1)
def _figure() -> "array.array[int]":
    """The figure once through; it may begin again at once, for every note swells from silence and back."""
    return array.array("h", (_sample(i / RATE) for i in range(round(len(NOTES) * NOTE_SECONDS * RATE))))


def _sample(at: float) -> int:
    note, since = divmod(at, NOTE_SECONDS)
    frequency = NOTES[int(note) % len(NOTES)]
    swell = math.sin(math.pi * since / NOTE_SECONDS)
    return round(LOUDNESS * swell * math.sin(2 * math.pi * frequency * at))
