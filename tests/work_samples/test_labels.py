"""A sample's label is a letter, never a name."""

import pytest

from work_samples.domain.labels import first_free, label_for


@pytest.mark.parametrize(
    ("place", "label"), [(0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")]
)
def test_labels_run_like_the_columns_of_a_table(place, label):
    assert label_for(place) == label


def test_the_first_free_label_is_taken_whatever_its_case():
    assert first_free({"a", "B", "12", "D"}) == "C"


def test_an_empty_assignment_begins_with_a():
    assert first_free(set()) == "A"
