"""Frameworks as tables: columns in any order, as spreadsheets of any country save them, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_samples.standards import CannotRead, Statement, read, table
from work_samples.standards.tree import Found, Repairs, arranged, code_of, grades_of, plain, plain_text

PLAIN = 'code,text,parent,grade\nW.1,Write arguments,,7\nW.1.a,Make a claim,W.1,"6, 7"\n'


def codes(data: bytes, **wanted: bool) -> list[tuple[str, str | None]]:
    return [(each.code, each.parent) for each in read(data, title="Ours", **wanted).statements]


WHOLE = [("W.1", None), ("W.1.a", "W.1")]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace('"6, 7"', "6").replace(",", ";").encode(),
        PLAIN.replace('"6, 7"', "6").replace(",", "\t").encode("utf-16"),
        ("sep=;\r\n" + PLAIN.replace('"6, 7"', "6").replace(",", ";")).encode(),
        b"\n\n" + PLAIN.encode(),
        b'Grade,Below,"Full Statement",Code\n7,,Write arguments,W.1\n,W.1,Make a claim,W.1.a\n',
        b"parent;STANDARD TEXT;standard_code\n;Write arguments;W.1\n;;\nW.1;Make a claim;W.1.a",
    ],
)
def test_it_reads_what_spreadsheets_save(data: bytes) -> None:
    assert codes(data) == WHOLE


def test_it_reads_letters_that_are_not_in_utf_8_and_says_so() -> None:
    framework = read("code,text\nA,Größe naïve\n".encode("cp1252"), title="Ours")
    assert framework.statements[0].text == "Größe naïve"
    assert "Windows-1252" in framework.repairs[0]


def test_a_text_may_have_quotes_commas_and_lines() -> None:
    framework = read(b'code,text\nA,"He said ""why"", and\nthen left"\nB,b\n', title="Ours")
    assert [each.text for each in framework.statements] == ['He said "why", and\nthen left', "b"]


BAD = b"code,text,parent\nA,One,\nB,,A\nC,Three, four,A\nA,Again,\n" + b"D" * 61 + b",Long,\nE,Five,A\n"


def test_a_bad_row_names_its_line() -> None:
    with pytest.raises(CannotRead) as refused:
        read(BAD, title="Ours")
    assert [row.line for row in refused.value.rows] == [3, 4, 5, 6]
    assert "4 rows cannot be read, the first in line 3: it has no text." in refused.value.sentence


def test_the_rest_of_the_rows_can_be_kept() -> None:
    framework = read(BAD, title="Ours", keep_rest=True)
    assert [each.code for each in framework.statements] == ["A", "E"]
    assert any("line 3 (it has no text), line 4" in sentence for sentence in framework.repairs)


def test_a_row_with_too_many_cells_is_a_bad_row() -> None:
    with pytest.raises(CannotRead, match="Line 2: it has more cells"):
        read(b"code,text\nA,One, two\nB,Two\n", title="Ours")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"code,parent\nA,\n", "first line of this table must name its columns"),
        (b"W.1,Write arguments\n", "must name its columns"),
        (b"code,text\n", "no statement in this table"),
        (b'code,text\nA,One\nB,"never closed\nC,Three\n', "Line 3: the quotation marks"),
        (b'code,text\nA,"' + b"x" * 200_000 + b'"\n', "Line 2"),
        (b"code,text\n" + b"".join(b"%d,x\n" % at for at in range(20_001)), "more than 20,000 rows"),
        (b"%PDF-1.7", "neither a CASE package"),
    ],
)
def test_it_refuses_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        read(data, title="Ours")


def test_a_circle_and_an_unknown_parent_are_put_right() -> None:
    framework = read(b"code,text,parent\nA,a,B\nB,b,A\nC,c,Z\n", title="Ours")
    assert [(each.code, each.parent) for each in framework.statements] == [("A", None), ("B", "A"), ("C", None)]
    assert len(framework.repairs) == 2


def test_importing_the_same_words_again_finds_the_same_statements() -> None:
    first, second = (read(b"text\nOne\nTwo\n", title="Ours") for _ in range(2))
    assert [each.identifier for each in first.statements] == [each.identifier for each in second.statements]
    assert first.identifier == second.identifier


def test_what_a_spreadsheet_would_run_is_not_run() -> None:
    lines = "".join(table.written([Statement(identifier="=1", text="=SUM(A1)", code="@x")]))
    assert "\r\n'=1,'@x,'=SUM(A1)," in lines


words = st.text(max_size=60)


@st.composite
def trees(draw: st.DrawFn) -> tuple[Statement, ...]:
    """Any tree as `arranged` makes them: words of any letters, any shape."""
    size = draw(st.integers(1, 12))
    found = []
    for at in range(size):
        text = plain_text(plain_text(draw(words))) or "x"
        parent = draw(st.none() | st.integers(0, at - 1)) if at else None
        identifier = plain(plain(draw(words), 200), 200)
        statement = Statement(
            identifier=f"{at} {identifier}".strip() if draw(st.booleans()) else f"{identifier}{at}",
            text=text,
            code=code_of(draw(words))[:60].strip(),
            kind=plain(plain(draw(words), 100), 100),
            grades=grades_of(draw(st.lists(st.text("0123456789KGabc-", max_size=6), max_size=3))),
            matches=tuple(
                dict.fromkeys(filter(None, (code_of(each).strip() for each in draw(st.lists(words, max_size=2)))))
            ),
        )
        found.append(Found(statement, [] if parent is None else [(float(at), found[parent].statement.identifier)]))
    return arranged(found, top="", repairs=Repairs())


@given(trees())
def test_any_tree_comes_back_as_it_was_written(statements: tuple[Statement, ...]) -> None:
    data = "".join(table.written(statements)).encode()
    assert read(data, title="Ours").statements == statements


@given(st.binary(max_size=300) | st.text("{}[]\",:;\n\tcodetxparn01'\0", max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"code,text,parent\n", b'{"CFDocument": {"title": "a"}, "CFItems": '):
        try:
            read(start + data, title="Ours", keep_rest=True)
        except CannotRead as refused:
            assert refused.sentence.endswith(".")  # noqa: PT017 (most inputs are read)
