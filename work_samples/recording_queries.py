"""What the pages show of a recording."""

from collections.abc import Sequence
from dataclasses import dataclass

from work_samples import captions
from work_samples.domain import recordings
from work_samples.models import Recording, Sample

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as a player shows it; `has_captions` when its transcript has times."""

    recording: Recording
    has_captions: bool
    is_stale: bool

    @property
    def length(self) -> str:
        return clock_words(self.recording.seconds)

    @property
    def spans(self) -> str:
        """What is silenced, as a person writes it."""
        return span_words(self.recording.silences)


def heard_of(sample: Sample) -> Heard | None:
    """The recording of a sample; None without one, and while it is taken away."""
    found = recordings.of(sample)
    return heard(found) if found and found.file else None


def heard(recording: Recording) -> Heard:
    return Heard(
        recording,
        bool(captions.captions_of(recording.transcript, seconds=recording.seconds)),
        recording.silences != recording.made_silences,
    )


def clock_words(seconds: float) -> str:
    """`1:23`, `1:02:03`: how far into a recording."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def preparing_words(done: int, of: int) -> str:
    """How far a recording is that is being made, in seconds; `of` 0: not known yet."""
    if of < MINUTE:
        return "Preparing the recording"
    minutes = -(-of // MINUTE)
    return f"Preparing the recording, {min(done, of) // MINUTE} of {minutes} minute{'' if minutes == 1 else 's'} done"


def span_words(spans: Sequence[Sequence[float]]) -> str:
    """One span a line, to be written further."""
    return "\n".join(f"{_exact(start)}–{_exact(end)}" for start, end in spans)


def _exact(seconds: float) -> str:
    part = f"{seconds % 1:.2f}"[1:].rstrip("0").rstrip(".")
    return clock_words(seconds) + part
