"""The shape of a sound, small enough for a row: how loud it is along its way, so that people see who speaks when."""

import io
import wave
from array import array
from dataclasses import dataclass
from typing import Final

PEAKS: Final = 200
LOUDEST: Final = 32_768
BYTES_OF_A_SAMPLE: Final = 2


class NoSound(ValueError):
    """A file that is no WAV of 16 bits; says why."""


@dataclass(frozen=True, slots=True)
class Waveform:
    """`peaks` are PEAKS numbers from 0 (silence) to 100 (as loud as can be)."""

    seconds: float
    peaks: tuple[int, ...]


def waveform_of(sound: bytes) -> Waveform:
    """Read a WAV file; raises `NoSound`."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NoSound(
            f"the recording is no WAV file that can be read ({error}): look at what the carrier sent"
        ) from None
    if width != BYTES_OF_A_SAMPLE or rate <= 0:
        raise NoSound(f"the recording has samples of {width} bytes at {rate} Hz: only 16 bits can be shown")
    samples = array("h", frames[: len(frames) // BYTES_OF_A_SAMPLE * BYTES_OF_A_SAMPLE])
    return Waveform(len(samples) / channels / rate, _peaks(samples))


def _peaks(samples: "array[int]") -> tuple[int, ...]:
    """The loudest sample of each of so many parts; of a sound with fewer samples some are 0."""
    count = len(samples)
    parts = (samples[number * count // PEAKS : (number + 1) * count // PEAKS] for number in range(PEAKS))
    return tuple(round(100 * max(max(part), -min(part)) / LOUDEST) if part else 0 for part in parts)
