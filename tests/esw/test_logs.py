"""The log says where something broke, and never what anybody wrote."""

import logging
import logging.config
import sys
from copy import deepcopy

import pytest
from django.conf import settings

WORDS = "MAYA WROTE THIS"


@pytest.fixture
def formatter():
    """As a running server has it."""
    written = deepcopy(settings.LOGGING)  # reading it takes it apart
    return logging.config.DictConfigurator(written).configure_formatter(written["formatters"]["plain"])


def look_up(key):
    return {}[key]


def break_with_words():
    try:
        look_up(WORDS)
    except KeyError as first:
        raise ValueError(f"the row holds {WORDS}") from first


def record_of_an_error():
    try:
        break_with_words()
    except ValueError:
        return logging.LogRecord("django.request", logging.ERROR, "", 1, "Broke: %s", ("/x/",), sys.exc_info())


def test_an_error_is_logged_by_its_place_and_kind_without_its_words(formatter):
    said = formatter.format(record_of_an_error())
    for part in ("Broke: /x/", "break_with_words", "look_up", "KeyError", "ValueError"):
        assert part in said
    assert WORDS not in said


def test_what_another_handler_made_of_the_error_is_not_taken_over(formatter):
    record = record_of_an_error()
    assert WORDS in logging.Formatter().format(record)
    assert WORDS not in formatter.format(record)


def test_every_handler_writes_in_that_way():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"plain"}
