"""How many people a figure rests on at least, when some of their scores came on sheets of paper without a name."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Scorers:
    """People by their account, and sheets by theirs.

    The sheets of one session are as many people as there are sheets. Those of two sessions may be the same people, and
    the same as those who scored on a screen another day: so they are never added up, or a cell that rests on three
    people who met twice would pass for six.
    """

    people: set[UUID] = field(default_factory=set)
    by_session: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def add(self, *, session: UUID, user: UUID | None, sheet: UUID | None) -> None:
        """Count whoever gave a score: `user` on a screen, or `sheet` on paper."""
        if user is not None:
            self.people.add(user)
        if (whose := user or sheet) is not None:
            self.by_session[session].add(whose)

    @property
    def at_least(self) -> int:
        """No fewer people than these gave the scores."""
        return max(len(self.people), *(len(found) for found in self.by_session.values()), 0)
