"""The shape of a sound: as loud as it is, where it is, and refused in words where it is none."""

import io
import wave
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.listening.waveform import PEAKS, NoSound, waveform_of


def wav(samples: "array[int]", *, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    """A WAV file of these samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def test_it_is_loud_where_somebody_speaks() -> None:
    shape = waveform_of(wav(array("h", [0] * 8000 + [-16_384] * 8000)))
    assert shape.seconds == 2.0
    assert shape.peaks == (0,) * (PEAKS // 2) + (50,) * (PEAKS // 2)


@given(st.lists(st.integers(-32_768, 32_767), max_size=700), st.sampled_from([1, 2]))
def test_any_sound_has_as_many_peaks_and_none_is_louder_than_all(samples: list[int], channels: int) -> None:
    shape = waveform_of(wav(array("h", samples), channels=channels))
    assert len(shape.peaks) == PEAKS
    assert all(0 <= peak <= 100 for peak in shape.peaks)


@pytest.mark.parametrize(
    "sound",
    [b"", b"RIFF", b"<html>not found</html>", wav(array("h", [1, 2]), width=1)],
    ids=["", "cut", "page", "8 bits"],
)
def test_what_is_no_sound_is_refused_in_words(sound: bytes) -> None:
    with pytest.raises(NoSound, match="recording"):
        waveform_of(sound)
