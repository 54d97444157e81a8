"""The demo's own framework of standards: a few statements in our words, under codes that its tasks name."""

from datetime import datetime
from pathlib import Path

from teams.models import District, User
from work_samples import standards
from work_samples.domain.standards import import_framework

FILE = Path(__file__).with_name("standards.csv")
TITLE = "Demo standards (made up for this school)"


def bring_standards(*, district: District, by: User, now: datetime) -> None:
    """Import the framework into the district of the demo school."""
    import_framework(district=district, read=standards.read(FILE.read_bytes(), title=TITLE), by=by, now=now)
