"""The page of figures: each benchmark replaces its own section and leaves the others alone."""

import pytest

from benchmarks import __main__ as every
from benchmarks import report


@pytest.fixture
def page(tmp_path, monkeypatch):
    path = tmp_path / "performance.md"
    monkeypatch.setattr(report, "PERFORMANCE", path)
    return path


def test_a_section_is_replaced_where_it_stands(page, capsys):
    report.write_section("images", "Pictures", report.table(["what", "time"], [["a photo", "1 s"]]))
    report.write_section("live", "Streams", ["Forty."])
    report.write_section("images", "Pictures", ["Better by \\1 and \\g<0>."])
    text = page.read_text()
    assert text.startswith("# Performance\n")
    assert text.count("## ") == 2
    assert text.index("## Pictures") < text.index("Better by \\1 and \\g<0>.") < text.index("## Streams")
    assert "a photo" not in text
    assert "| a photo | 1 s |" in capsys.readouterr().out


def test_each_section_says_on_what_it_was_measured(page):
    report.write_section("images", "Pictures", ["Fast."])
    text = page.read_text()
    assert report.machine() in text
    assert "cores" in report.machine()
    assert "Python 3." in report.machine()
    assert "load " in text


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1, 100), (0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert report.percentile(list(range(100, 0, -1)), share) == value


def test_a_percentile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        report.percentile([], 0.5)


def test_all_benchmarks_are_run_and_none_of_their_helpers():
    assert "images" in every.names()
    assert not every.HELPERS & set(every.names())


def test_a_benchmark_that_there_is_not_gets_a_sentence(monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "nonsense"])
    with pytest.raises(SystemExit, match="no benchmark called nonsense"):
        every.main()
