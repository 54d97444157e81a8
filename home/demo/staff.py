"""The people of the demo as rows: districts, schools, teams, who belongs to them and who administers them."""

import random
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from home.demo.content import DistrictContent, Person, SchoolContent, TeamContent
from home.demo.rows import Rows, new_id
from teams.models import Administration, District, Membership, School, Team, TeamRole, User


@dataclass(frozen=True)
class Staffed:
    """A team with its people; the first one leads."""

    content: TeamContent
    team: Team
    people: tuple[User, ...]


class Staffing:
    """Makes the rows. `password` is a hash, made once, because making one is slow on purpose."""

    def __init__(self, rows: Rows, rng: random.Random, *, password: str, founded: datetime, looked: datetime) -> None:
        self._rows, self._rng = rows, rng
        self._password, self._founded, self._looked = password, founded, looked
        self._users: dict[str, User] = {}

    def district(self, content: DistrictContent, *, domain: str) -> list[Staffed]:
        """A district with everything in it; who has no e-mail address gets one under `domain`."""
        district = District(pk=new_id(self._rng), name=content.name)
        self._rows.add(district)
        teams = [team for school in content.schools for team in self.school(school, district, domain=domain)]
        for person in content.administrators:
            self._rows.add(Administration(user=self._user(person, domain), district=district))
        return teams

    def school(self, content: SchoolContent, district: District, *, domain: str) -> list[Staffed]:
        """One school of `district` with its teams and administrators."""
        school = School(pk=new_id(self._rng), district=district, name=content.name)
        self._rows.add(school)
        for person in content.administrators:
            self._rows.add(Administration(user=self._user(person, domain), school=school))
        return [self._team(team, school, domain) for team in content.teams]

    def _team(self, content: TeamContent, school: School, domain: str) -> Staffed:
        team = Team(
            pk=new_id(self._rng),
            school=school,
            name=content.name,
            norms=list(content.norms),
            created_at=self._founded,
        )
        people = tuple(self._user(person, domain) for person in content.people)
        roles = [TeamRole.LEAD, *[TeamRole.MEMBER] * (len(people) - 1)]
        self._rows.add(
            team,
            *starmap(lambda user, role: Membership(user=user, team=team, role=role), zip(people, roles, strict=True)),
        )
        return Staffed(content, team, people)

    def _user(self, person: Person, domain: str) -> User:
        email = person.email or f"{'.'.join(person.name.lower().split())}@{domain}"
        if email not in self._users:
            self._users[email] = User(
                pk=new_id(self._rng),
                email=email,
                name=person.name,
                password=self._password,
                date_joined=self._founded,
                last_looked_at=self._looked,
            )
            self._rows.add(self._users[email])
        return self._users[email]
