"""Where a name may stand on a page: beside labels, and by names that somebody types. No engine in here."""

import pytest

from work_samples import name_labels, names
from work_samples.names import Line, Place, Word


def line(*words, y=0.05, x=0.1, height=0.02, gap=0.01):
    """Words in a row, each as wide as it is long."""
    placed = []
    for word in words:
        width = 0.011 * len(word)
        placed.append(Word(word, x, y, width, height))
        x += width + gap
    return Line(tuple(placed))


def where(line, text):
    word = next(word for word in line.words if word.text == text)
    return Place(word.x, word.y, word.w, word.h, "")


def covers(places, line, *texts):
    return all(any(names.share_inside(where(line, text), place) > 0.95 for place in places) for text in texts)


@pytest.mark.parametrize(
    "head",
    [
        ("Name:", "Odalys", "Brightwater"),
        ("NAME", ":", "Odalys", "Brightwater"),
        ("Nombre", "y", "apellidos:", "Odalys", "Brightwater"),
        ("Prénom:", "Odalys", "Brightwater"),
        ("Student’s", "Name:", "Odalys", "Brightwater"),
        ("Name", "(first,", "last):", "Odalys", "Brightwater"),
        ("姓名：", "Odalys", "Brightwater"),
        ("Teacher:", "Odalys", "Brightwater"),
        ("Written", "by", "Odalys", "Brightwater"),
    ],
)
def test_it_offers_what_stands_after_a_label_in_many_languages(head):
    read = line(*head)
    places = names.beside_labels([read], ratio=0.75)
    assert covers(places, read, "Odalys", "Brightwater")


def test_it_keeps_label_name_and_date_apart():
    read = line("Name:", "Ada", "Date:", "May", "Class:", "7b")
    kinds = [place.why for place in names.beside_labels([read], ratio=0.75)]
    assert kinds == ["name", "date", "class"]


def test_it_offers_the_part_of_a_word_that_follows_the_colon():
    read = line("Name:Ada")
    (place,) = names.beside_labels([read], ratio=0.75)
    word = read.words[0]
    assert place.x > word.x + 0.5 * word.w
    assert place.right >= word.right


def test_it_offers_the_empty_zone_beside_a_label_because_handwriting_may_not_be_read():
    (place,) = names.beside_labels([line("Name:")], ratio=0.75)
    assert place.x >= 0.155
    assert place.w > 0.2
    assert place.h > 0.02


def test_a_zone_ends_where_the_next_label_begins():
    read = line("Name:", "Date:", gap=0.3)
    first = names.beside_labels([read], ratio=0.75)[0]
    assert first.right <= where(read, "Date:").x + 1e-6


@pytest.mark.parametrize(
    "sentence",
    ["The class of mammals is large", "My teacher said that", "Some name things after people", "He went to class."],
)
def test_a_sentence_is_no_label(sentence):
    assert names.beside_labels([line(*sentence.split())], ratio=0.75) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Odalys Brightwater", "odalys"),
        ("Brightwater, Odalys", "BRIGHTWATER"),
        ("Sélène", "Selene"),
        ("Jose", "José"),
        ("Brightwater", "Brighfwater"),
        ("Odalys", "Odaiys"),
        ("Odalys", "Odalys’s"),
        ("Weiß", "Weiss"),
        ("小明", "王小明"),
        ("Al", "Al"),
    ],
)
def test_a_typed_name_is_found_however_it_is_written_or_misread(typed, read):
    page = line("Then", read, "ran", "home", y=0.4)
    assert covers(names.of_names([page], names.typed_names(typed)), page, read)


@pytest.mark.parametrize(("typed", "read"), [("Al", "All"), ("Ana", "and"), ("Rose", "house"), ("Odalys", "oranges")])
def test_another_word_is_no_typed_name(typed, read):
    assert names.of_names([line("Then", read, "ran")], names.typed_names(typed)) == []


def test_first_and_last_name_are_one_place_and_a_name_cut_in_two_is_found():
    read = line("Odalys", "Brightwater", "ran")
    assert len(names.of_names([read], ["Odalys Brightwater"])) == 1
    cut = line("Bright", "water", "ran")
    assert covers(names.of_names([cut], ["Brightwater"]), cut, "Bright", "water")


def test_typed_names_are_parted_cut_and_counted():
    assert names.typed_names(" Ada \n\nLi, Bo;Ada\r\n--") == ["Ada", "Li", "Bo"]
    assert len(names.typed_names("\n".join(f"name{n}" for n in range(999)))) == names.MOST_NAMES
    assert len(names.typed_names("x" * 999)[0]) == names.LONGEST_NAME


@pytest.mark.parametrize(
    "said", [None, 3, "x", [3], [[3]], [[["a", 1]]], [[[1, 0, 0, 1, 1]]], [[["a", "b", 0, 1, 1]]], {"a": 1}, [[None]]]
)
def test_what_a_reader_says_is_not_trusted(said):
    with pytest.raises(ValueError, match="not lines"):
        names.lines_from(said)


def test_places_stay_on_the_page_and_are_not_too_many():
    wild = names.lines_from([[["Name:", -5, 2, 9, 9]], [["Name:", 0.999, 0.999, 5, 5]]] * 200)
    places = names.beside_labels(wild, ratio=0.75)
    assert len(places) <= names.MOST_PLACES
    assert all(place.x >= 0 and place.right <= 1.0001 and place.bottom <= 1.0001 for place in places)


def test_every_label_is_written_as_it_is_compared():
    assert [label for label in name_labels.KIND_OF if names.plain(label) != label] == []
