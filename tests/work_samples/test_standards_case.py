"""What a CASE file may get wrong: each is refused or put right, with a sentence that says what and where."""

import json

import pytest

from tests.work_samples.case_files import below, document, item, large, link, package
from work_samples.standards import CannotRead, Framework, read, tree


def shape(framework: Framework) -> list[tuple[str, str | None, int]]:
    return [(each.identifier, each.parent, each.position) for each in framework.statements]


def only(framework: Framework) -> str:
    (sentence,) = framework.repairs
    return sentence


def test_it_reads_a_package_in_the_order_of_its_sequence_numbers() -> None:
    items = [item("b"), item("a", humanCodingScheme="W.7.1", educationLevel=["06", "07", "KG"]), item("c")]
    framework = read(package(items, [below("b", sequence=2), below("a", sequence=1), below("c", "a", 1)]))
    assert shape(framework) == [("a", None, 0), ("c", "a", 0), ("b", None, 1)]
    assert (framework.title, framework.publisher, framework.version) == ("Made-up standards", "A publisher", "2")
    assert framework.statements[0].code == "W.7.1"
    assert framework.statements[0].grades == ("6", "7", "K")
    assert framework.repairs == ()


def test_it_reads_case_1_1_with_its_own_fields_and_text_numbers() -> None:
    data = package(
        [item("a", subject=["Language"], extensions={}), item("b")],
        [below("a", sequence="10"), below("b", sequence="9")],
        CFDocument=document(caseVersion="1.1", frameworkType="x"),
        CFRubrics=[],
    )
    assert shape(read(data)) == [("b", None, 0), ("a", None, 1)]


def test_it_reads_a_package_that_is_wrapped_and_links_that_are_addresses_alone() -> None:
    links = [link("isChildOf", {"uri": "https://standards.example/x/b"}, {"uri": "https://standards.example/x/a"})]
    whole = json.loads(package([item("a"), item("b")], [below("a"), *links]))
    assert shape(read(json.dumps({"CFPackage": whole}).encode("utf-16"))) == [("a", None, 0), ("b", "a", 0)]


def test_it_keeps_the_codes_that_others_give_and_counts_other_links() -> None:
    links = [below("a"), link("exactMatchOf", "a", "OTHER.1"), link("isRelatedTo", "a", "x")]
    framework = read(package([item("a")], links))
    assert framework.statements[0].matches == ("OTHER.1",)
    assert only(framework) == "Links of other kinds than isChildOf and exactMatchOf are not kept: 1."


def test_it_opens_a_circle() -> None:
    framework = read(package([item("a"), item("b"), item("c")], [below("a", "c"), below("b", "a"), below("c", "b")]))
    assert shape(framework) == [("a", None, 0), ("b", "a", 0), ("c", "b", 0)]
    assert only(framework) == "These stood below one another in a circle, which was opened: “Statement a”."


def test_it_takes_the_first_of_several_parents() -> None:
    framework = read(
        package([item("a"), item("b"), item("c")], [below("a"), below("b"), below("c", "b"), below("c", "a")])
    )
    assert ("c", "b", 0) in shape(framework)
    assert only(framework).startswith("These stood below several others; the first of them counts: “Statement c”")


def test_it_puts_orphans_at_the_top() -> None:
    framework = read(package([item("a"), item("b"), item("c")], [below("a"), below("b", "gone"), below("gone", "a")]))
    assert shape(framework) == [("a", None, 0), ("b", None, 1), ("c", None, 2)]
    said = " ".join(framework.repairs)
    assert "below something that is not in the file and now stand at the top: “Statement b”" in said
    assert "Nothing said where these belong, so they stand at the top: “Statement c”" in said
    assert "CFAssociation 3" in said


def test_it_takes_one_identifier_once() -> None:
    framework = read(package([item("a", "One"), item("a", "Two")], [below("a"), below("a", "a")]))
    assert [each.text for each in framework.statements] == ["One"]
    assert framework.repairs[0] == "These came twice under one identifier and the first counts: “Two”."


def test_it_takes_html_out_and_leaves_sums_alone() -> None:
    text = "<p>Compare &lt; and <b>&gt;</b></p><script>alert(1)</script><ul><li>a<b and 3 < 5</li></ul>"
    framework = read(package([item("a", text, humanCodingScheme="C.1")], [below("a")]))
    assert framework.statements[0].text.startswith("Compare < and >\na")
    assert "alert" not in framework.statements[0].text
    assert "3 < 5" in framework.statements[0].text
    assert only(framework) == "HTML was taken out of these, their words stay: CFItem 1 (C.1)."


def test_it_leaves_out_what_has_no_words_and_says_which() -> None:
    items = [item("a"), {"identifier": "b", "humanCodingScheme": " "}, 7, item("c", "<br>"), {"fullStatement": 12.5}]
    framework = read(package(items, [below("a")]))
    assert [each.text for each in framework.statements] == ["Statement a", "12.5"]
    said = " ".join(framework.repairs)
    assert "no statement in words and were left out: CFItem 2, CFItem 4" in said
    assert "no CFItems and were left out: CFItem 3" in said
    assert "no identifier" in said


def test_it_names_a_few_of_many_repairs() -> None:
    framework = read(package([item(f"i{at}", "<i>x</i>") for at in range(40)], [below(f"i{at}") for at in range(40)]))
    assert only(framework).endswith("CFItem 5 and 35 more.")


def test_a_code_can_be_typed_in_a_list_of_codes() -> None:
    framework = read(package([item("a", humanCodingScheme="A, B;\tC"), item("b", humanCodingScheme="x" * 61)]))
    assert [each.code for each in framework.statements] == ["A B C", ""]


def test_it_draws_together_what_is_too_deep() -> None:
    deep = 3000
    links = [below("i0"), *(below(f"i{at}", f"i{at - 1}") for at in range(1, deep))]
    framework = read(package([item(f"i{at}") for at in range(deep)], links))
    parents = {each.identifier: each.parent for each in framework.statements}
    levels = 1
    at: str | None = f"i{deep - 1}"
    while at is not None and (at := parents[at]) is not None:
        levels += 1
    assert levels == tree.MAX_DEPTH
    assert len(parents) == deep


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0 \n", "empty"),
        (b"PK\x03\x04 a spreadsheet", "Save a spreadsheet as CSV"),
        (b'{"CFDocument": {"title"', "line 1"),
        (b"{" * 900_000, "not whole"),
        (b"[" * 2_000_000, "far more than a framework"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not whole"),
        (b"[1, 2]", "not a CASE package"),
        (b"{}", "no CFDocument"),
        (b'{"CFDocument": {}, "CFItems": [{}]}', "no CFDocument with a title or an identifier"),
        (b'{"CFDocument": [], "CFItems": []}', "no CFDocument"),
        (package([]), "no CFItems"),
        (package({"a": 1}), "no CFItems"),
        (package([1, None, {}]), "Not one of the CFItems"),
        (package([{}] * 20_001), "20,001 statements"),
        (b"x" * 30_000_001, "30 MB"),
    ],
)
def test_it_refuses_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        read(data)


@pytest.mark.parametrize("wrong", [None, 3, "x", [], {}, [[]], True, 1e400, {"title": []}])
def test_a_wrong_type_anywhere_breaks_nothing(wrong: object) -> None:
    fields = ("fullStatement", "humanCodingScheme", "educationLevel", "subject", "uri", "CFItemType", "identifier")
    items = [item("a"), *(item(f"b{name}", **{name: wrong}) for name in fields)]
    ends = [below("a"), link("isChildOf", wrong, wrong), link(wrong, "a", "doc"), below("a", sequence=wrong), wrong]
    framework = read(package(items, ends, CFDocument=document(subject=wrong, version=wrong, creator=wrong, uri=wrong)))
    assert framework.statements[0].identifier == "a"
    assert "a" in {each.identifier for each in read(package(items, CFAssociations=wrong)).statements}


def test_it_reads_a_whole_state_framework() -> None:
    framework = read(large(5000))
    assert len(framework.statements) == 5000
    assert framework.repairs == ()
