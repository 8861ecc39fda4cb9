"""Sounds made by program: seeded, audible, and judged by the Lambda's own code and rules."""

from dataclasses import replace

import numpy as np
import pytest

from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.domain.types import SECOND
from functions.sound.speech import SpeechDetector
from functions.sound.wav_decoding import RATE
from models.evaluate.sounds import __main__ as command
from models.evaluate.sounds import voices
from models.evaluate.sounds.measure import JudgedScene, judge
from models.evaluate.sounds.noises import Samples
from models.evaluate.sounds.room import DISTANCES, heard, through_a_radio
from models.evaluate.sounds.scenes import CLASSES, SECONDS, SoundClass, SoundScene
from models.evaluate.sounds.tables import COLUMNS, sound_tables
from tests.support.segment_files import read_aloud

QUIET = [kind for kind in CLASSES if not kind.is_speech]


def random(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def spoken(seconds: float) -> Samples:
    """A sentence read aloud by a person, again and again."""
    sentence = np.frombuffer(read_aloud(), "<i2") / 32768
    return np.resize(sentence, round(seconds * RATE))


def scene_of(kind: SoundClass, samples: Samples) -> SoundScene:
    return SoundScene(f"{kind.name} 0", kind, DISTANCES[0], samples)


@pytest.mark.parametrize("kind", QUIET, ids=lambda kind: kind.name)
def test_noises_are_seeded_bounded_and_differ_by_seed(kind: SoundClass) -> None:
    sound = kind.make(5, random())
    assert len(sound) == 5 * RATE
    assert np.array_equal(sound, kind.make(5, random()))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max(initial=0) < 4
    if kind.name != "silence":
        assert not np.array_equal(sound, kind.make(5, random(2)))
        assert np.sqrt(np.mean(sound**2)) > 0.01


def test_what_is_farther_away_is_fainter_and_echoes() -> None:
    levels = [float(np.std(heard(spoken(2), 0.3, metres, random()))) for metres in DISTANCES]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 2 * levels[-1]
    assert float(np.std(heard(np.zeros(RATE), 0.3, 1, random()))) == pytest.approx(0.0008, rel=0.1)


def test_a_radio_has_no_deep_and_no_high_sound() -> None:
    spectrum = np.abs(np.fft.rfft(through_a_radio(spoken(2))))
    frequencies = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    assert spectrum[(frequencies < 290) | (frequencies > 3_410)].max() < 1e-6 * spectrum.max()


def test_speech_is_told_and_flagged_in_segments_and_in_clips() -> None:
    kind = CLASSES[0]
    talking = scene_of(kind, 0.3 * spoken(SECONDS))
    silent = scene_of(kind, 0.0005 * random().standard_normal(SECONDS * RATE))
    first, second = judge(SpeechDetector.load(), [talking, silent], seed=1)
    assert all(first.told)
    assert len(first.told) == SECONDS * SECOND // SEGMENT_LENGTH
    assert (first.flagged_recorded, first.flagged_in_clips) == (True, True)
    assert not any(second.told)
    assert (second.flagged_recorded, second.flagged_in_clips) == (False, False)


def test_one_sentence_in_two_minutes_is_told_and_no_flag() -> None:
    once = np.zeros(SECONDS * RATE)
    once[61 * RATE : 64 * RATE] = 0.3 * spoken(3)
    [judged] = judge(SpeechDetector.load(), [scene_of(CLASSES[0], once)], seed=1)
    assert (sum(judged.told), judged.flagged_recorded) == (1, False)


def test_table_has_a_row_for_each_class_and_distance_with_counts() -> None:
    silence = np.zeros(0)
    judged = [
        JudgedScene(
            replace(scene_of(kind, silence), name=f"{kind.name} {number}", distance=distance),
            (kind.is_speech, False),
            flagged_recorded=kind.is_speech,
            flagged_in_clips=False,
        )
        for kind in CLASSES
        for number, distance in enumerate(DISTANCES)
    ]
    [table] = sound_tables(judged)
    rows = {row[0]: row for row in table.rows}
    assert tuple(table.columns) == COLUMNS
    assert rows["whisper"][1].startswith("4 of 8: 50.0%")
    assert rows["whisper"][2].startswith("4 of 4: 100.0%")
    assert rows["fan"][1:] == tuple(str(cell) for cell in rows["typing"][1:])
    assert rows["fan"][1].startswith("0 of 8: 0.0% [0%,")
    assert sum(row[0].startswith("- from") for row in table.rows) == 4 * len(DISTANCES)


def test_without_a_synthesiser_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(voices, "PROGRAM", "no-such-synthesiser")
    voices.speak.cache_clear()
    assert command.main(["--sample", "1"]) == 2
    assert "apt install" in capsys.readouterr().err
