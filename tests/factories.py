"""Rows for tests, a section a room."""

import factory
from django.utils import timezone

PASSWORD = "look-closely-together"

# --- teams -----------------------------------------------------------------------------------------------


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "teams.User"
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@school.example")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "teams.District"

    name = factory.Sequence(lambda n: f"District {n}")


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "teams.School"

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"School {n}")


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "teams.Team"

    school = factory.SubFactory(SchoolFactory)
    name = factory.Sequence(lambda n: f"Team {n}")
    norms = ["Describe before you judge.", "Point to the work."]


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "teams.Membership"

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)


def member_of(team, **fields):
    """A new person who belongs to `team`."""
    return MembershipFactory(team=team, user=UserFactory(**fields)).user


# --- work_samples ----------------------------------------------------------------------------------------


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "work_samples.Assignment"

    team = factory.SubFactory(TeamFactory)
    title = factory.Sequence(lambda n: f"Task {n}")
    prompt = "Should our school have a longer lunch? Use evidence."
    grade = "7"
    subject = "ELA"
    created_by = factory.SubFactory(UserFactory)


class SampleFactory(factory.django.DjangoModelFactory):
    """A confirmed sample without pages."""

    class Meta:
        model = "work_samples.Sample"

    assignment = factory.SubFactory(AssignmentFactory)
    label = factory.Sequence(lambda n: f"S{n}")
    uploader = factory.SelfAttribute("assignment.created_by")
    confirmed_at = factory.LazyFunction(timezone.now)


# --- rubrics ---------------------------------------------------------------------------------------------

LEVELS = ["beginning", "nearing", "proficient", "beyond"]


class RubricFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "rubrics.Rubric"

    team = factory.SubFactory(TeamFactory)
    title = factory.Sequence(lambda n: f"Rubric {n}")
    created_by = factory.SubFactory(UserFactory)


class VersionFactory(factory.django.DjangoModelFactory):
    """A version with four levels and the criteria Claim, Evidence and Reasoning."""

    class Meta:
        model = "rubrics.Version"
        skip_postgeneration_save = True

    rubric = factory.SubFactory(RubricFactory)
    number = 1
    proficient_from = 3
    created_by = factory.SelfAttribute("rubric.created_by")

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        for value, name in enumerate(LEVELS, start=1):
            self.levels.create(value=value, name=name)
        for position, title in enumerate(extracted or ["Claim", "Evidence", "Reasoning"]):
            criterion = self.criteria.create(position=position, title=title)
            for value in range(1, 5):
                criterion.descriptors.create(level=value, text=f"{title} at {value}.")
