"""What a district has to turn on before its teams may bring it: recordings, because voices and faces identify."""

from pathlib import Path

from teams.models import District
from work_samples import access, recorder
from work_samples.models import Assignment

NOT_ALLOWED = "Recordings of sound and film are not turned on in {district}, because voices and faces identify. {who}"
NO_ADMINISTRATOR = "Whoever looks after ESW can name an administrator of the district, who can turn them on."


class NotAllowed(Exception):
    """The district has not turned it on; `sentence` says who can."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_recording(path: Path, assignment: Assignment) -> None:
    """Raises NotAllowed for a recording where the district takes none."""
    if recorder.is_recording(path) and not access.recordings_allowed(assignment.team):
        raise NotAllowed(why_no_recordings(assignment.team.school.district))


def why_no_recordings(district: District) -> str:
    """The sentence, with the names of those who can turn them on."""
    names = list(district.administrators.values_list("user__name", flat=True)[:3])
    who = f"{' or '.join(names)} can turn them on for the district." if names else NO_ADMINISTRATOR
    return NOT_ALLOWED.format(district=district.name, who=who)
