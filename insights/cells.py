"""The cells of a school's page: figures that may be shown, or the reason why one is not. No Django here."""

from dataclasses import dataclass

from insights.spans import Half

#: What stands for a figure in a picture or a file where it may not be shown, and where there is nothing to show.
HIDDEN, NOTHING = "hidden", "none"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a small table with a bar: `count` of at most `most`."""

    label: str
    group: str
    count: int
    most: int


@dataclass(frozen=True, slots=True)
class ProficiencyRow:
    """One cell: either `hidden` says why there is no figure, or the figures are there, coarsely.

    `percent` is proficient in per cent to the nearest five (5 stands for 'at most 5', 95 for 'at least 95');
    `samples` and `scorers` are 'at least'.
    """

    year: str
    grade: str
    subject: str
    criterion: str
    hidden: str
    percent: int
    samples: int
    scorers: int

    @property
    def group(self) -> str:
        """'Grade 7, English'."""
        return group_words(self.grade, self.subject)

    @property
    def words(self) -> str:
        """'about 60 %', 'at most 5 %', 'at least 95 %'."""
        return percent_words(self.percent)


@dataclass(frozen=True, slots=True)
class ProficiencyYear:
    """The proficiency rows of one school year. Where all are hidden for one reason, that is said once."""

    words: str
    rows: list[ProficiencyRow]

    @property
    def hidden(self) -> str:
        reasons = {row.hidden for row in self.rows}
        return reasons.pop() if len(self.rows) > 1 and len(reasons) == 1 else ""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Exact agreement of one half-year, grade and subject, beside what chance would give; or why there is no figure.

    `exact` and `chance` are in per cent to the nearest five, as above; `pairs`, `samples` and `scorers` are 'at least'.
    `compared` is false where no two people scored the same work: then `hidden` says so.
    """

    half: Half
    grade: str
    subject: str
    compared: bool
    hidden: str
    exact: int
    chance: int
    pairs: int
    samples: int
    scorers: int

    @property
    def group(self) -> str:
        """'Grade 7, English'."""
        return group_words(self.grade, self.subject)

    @property
    def words(self) -> str:
        """'about 60 %'."""
        return percent_words(self.exact)

    @property
    def chance_words(self) -> str:
        """'about 30 %'."""
        return percent_words(self.chance)

    @property
    def instead(self) -> str:
        """What a picture or a file writes where there is no figure; '' where there is one."""
        if not self.hidden:
            return ""
        return HIDDEN if self.compared else NOTHING


def percent_words(percent: int) -> str:
    """How a coarse share is said: 5 and 95 are the ends of what is told."""
    how = {5: "at most", 95: "at least"}.get(percent, "about")
    return f"{how} {percent}\u202f%"


def group_words(grade: str, subject: str) -> str:
    """Grade and subject as a heading; either may be missing."""
    parts = [f"Grade {grade}" if grade.isdecimal() else grade, subject]
    return ", ".join(part for part in parts if part) or "No grade or subject"
