"""The demo's fractions task for grade 5: 'Brownie pans', with fourteen pieces of student work.

Story and student work are invented. Coordinates are pixels of the sheet (1440 × 1864).
"""

from home.demo.content import (
    Arrow,
    Bar,
    Criterion,
    Element,
    Level,
    NumberLine,
    Page,
    Pan,
    Pie,
    Point,
    Printed,
    Ring,
    Rubric,
    SampleContent,
    Scribble,
    Task,
    Write,
)
from home.demo.fractions_bank import BANK

RUBRIC = Rubric(
    title="Comparing and adding fractions, grade 5",
    levels=(Level(1, "beginning"), Level(2, "nearing"), Level(3, "proficient"), Level(4, "beyond")),
    proficient_from=3,
    criteria=(
        Criterion(
            "representing",
            "Representing",
            {
                1: "Draws as many pieces as the numbers say; pieces of one pan differ in size.",
                2: "Draws equal pieces in each pan; the pans differ in size or shape.",
                3: "Draws equal pans with equal pieces, so that the amounts can be compared by looking.",
                4: "Cuts both pans into pieces of the same size, or matches two kinds of drawing to each other.",
            },
        ),
        Criterion(
            "comparing",
            "Comparing",
            {
                1: "Decides by one of the numbers (the 8 and the 4, or the 5 and the 3).",
                2: "Decides by how a drawing looks, or by how many pieces are left.",
                3: "Decides by pieces of the same size or by a landmark such as one half, and says so.",
                4: "Decides in two ways that do not lean on each other, or says by how much one is more.",
            },
        ),
        Criterion(
            "computing",
            "Computing",
            {
                1: "Adds top numbers and bottom numbers.",
                2: "Renames 3/4 as eighths or joins the pieces; the total is still to come or loses its unit.",
                3: "Finds 11/8 or 1 3/8 from fractions with the same bottom number.",
                4: "Finds the total and checks it by a second way: an estimate, a drawing, another name.",
            },
        ),
        Criterion(
            "communicating",
            "Communicating",
            {
                1: "Gives answers; the way to them is not on the page.",
                2: "Gives answers with a step, a label or a picture beside some of them.",
                3: "Shows in words, numbers and labels how each answer was found, so that a classmate could follow.",
                4: "Also says what the friend in part (c) was thinking and where it stops working.",
            },
        ),
    ),
)

PROMPT = (
    "Two pans of brownies are the same size. Table 1 ate 3/4 of its pan. Table 2 ate 5/8 of its pan. "
    "(a) Which table ate more? Show how you know in two ways. "
    "(b) How much did the two tables eat altogether? "
    "(c) A friend says that they ate 8/12 of a pan altogether. Could that be right? Say how you know."
)

CONTEXT = (
    "Given in the second week of the unit, on one sheet, 25 minutes, pencil and paper; crayons and squared paper "
    "were on the table for whoever wanted them. The class had compared fractions with the same denominator and "
    "had cut paper strips into halves, quarters and eighths. They had not yet been shown a rule for adding unlike "
    "denominators."
)

_STORY = (
    Printed(("Brownie pans",), 226, size=52, bold=True),
    Printed(
        ("Two pans of brownies are the same size.", "Table 1 ate {3/4} of its pan.  Table 2 ate {5/8} of its pan."),
        300,
        size=38,
    ),
)
_A = Printed(("(a)  Which table ate more? Show how you know in two ways.",), 440, size=38)
_B = Printed(("(b)  How much did the two tables eat altogether?",), 1130, size=38)
_C = Printed(
    ("(c)  A friend says that they ate {8/12} of a pan altogether.", "       Could that be right? Say how you know."),
    1430,
    size=38,
)


def _w(y: int, *lines: str, x: int = 150, step: int = 74, scale: float = 1.0) -> Write:
    return Write(lines, x=x, y=y, step=step, scale=scale)


def _worksheet(
    *elements: Element, paper: str = "plain", look: str = "desk", date: str = "Nov 6", smudges: int = 0
) -> Page:
    """All three questions on one sheet; work for (a) fits from 490 to 1080, (b) to 1370, (c) from 1560."""
    return Page(paper, (*_STORY, _A, _B, _C, *elements), head="worksheet", look=look, date=date, smudges=smudges)


def _at(where: str, at: str | int, page: int = 1) -> Point:
    return Point(where, page, str(at))


def _sample(  # noqa: PLR0917  (each call reads as a row of a table)
    label: str,
    hand: str,
    levels: tuple[int, int, int, int],
    points: tuple[Point, Point, Point, Point],
    why: tuple[str, str, str, str],
    shows: str,
    *pages: Page,
    name: str = "",
) -> SampleContent:
    keys = ("representing", "comparing", "computing", "communicating")
    return SampleContent(
        label=label,
        hand=hand,
        levels=dict(zip(keys, levels, strict=True)),
        points=dict(zip(keys, points, strict=True)),
        why=dict(zip(keys, why, strict=True)),
        shows=shows,
        pages=pages,
        name=name,
    )


SAMPLES = (
    _sample(
        "A",
        "neat-pencil",
        (3, 3, 3, 3),
        (_at("the two bars", "bars"), _at("line 2", 2), _at("line 3", 3), _at("line 4", 4)),
        (
            "Two bars of one length, equal pieces: we can see which is longer.",
            "Changes quarters to eighths and says so: 6/8 is more than 5/8.",
            "6/8 + 5/8 = 11/8 = 1 3/8, unit kept all the way.",
            "Every answer has its picture or its sentence.",
        ),
        "equal bars, eighths, a clear total and an estimate for the friend",
        _worksheet(
            Bar(150, 500, 840, 105, 4, 3, label="{3/4}", tag="bars"),
            Bar(150, 640, 840, 105, 8, 5, label="{5/8}"),
            _w(
                860,
                "Table 1 ate more because its longer.",
                "Also {3/4} = {6/8} and {6/8} is more than {5/8}.",
                step=100,
            ),
            _w(1250, "{6/8} + {5/8} = {11/8} = [[1{3/8}]] pans"),
            _w(1590, "No! {8/12} is less than a hole pan and", "they ate more than one ~~hole~~ whole pan."),
        ),
    ),
    _sample(
        "B",
        "young",
        (2, 2, 1, 2),
        (_at("the two bars", "bars"), _at("line 1", 1), _at("line 2", 2), _at("line 3", 3)),
        (
            "Equal pieces in each bar, but the second pan is drawn much longer than the first.",
            "‘It is biger in the picture’: the eye decides.",
            "3 + 5 and 4 + 8: tops and bottoms are added.",
            "There is a sentence for each part; how 8/12 came about is only in the numbers.",
        ),
        "pans of different size lead the eye, and tops and bottoms are added",
        _worksheet(
            Bar(150, 505, 620, 110, 4, 3, label="{3/4}", tag="bars", uneven=0.008),
            Bar(150, 680, 960, 110, 8, 5, label="{5/8}", uneven=0.006),
            _w(920, "Table 2 is biger in the picture."),
            _w(1250, "{3/4} + {5/8} = {8/12}"),
            _w(1590, "Yes my friend is rite because I", "got {8/12} to."),
            look="tilted",
            smudges=1,
        ),
    ),
    _sample(
        "C",
        "young-wide",
        (1, 1, 1, 1),
        (_at("the two pans", "pans"), _at("line 1", 1), _at("line 3", 3), _at("line 4", 4)),
        (
            "Three boxes and five boxes: pieces are counted, and they differ in size.",
            "‘8 is biger than 4’: one number of each fraction decides.",
            "8 on top of 12: tops and bottoms are added.",
            "Answers, with a ‘yes’ for the friend.",
        ),
        "a bigger bottom number is taken for a bigger fraction",
        _worksheet(
            Bar(160, 520, 330, 120, 3, 3, uneven=0.05, tag="pans"),
            Bar(640, 515, 560, 130, 5, 5, uneven=0.03),
            _w(800, "Table 2 ate more because 8 is", "biger than 4 and 5 is biger than 3."),
            _w(1250, "[[{8/12}]]"),
            _w(1590, "yes"),
            look="close",
            smudges=2,
        ),
    ),
    _sample(
        "D",
        "sharp",
        (4, 4, 4, 4),
        (
            _at("the bars and the number line", "line"),
            _at("page 1, line 3", 3),
            _at("page 2, line 4", 4, 2),
            _at("page 2, line 5", 5, 2),
        ),
        (
            "Both pans in eighths, and the same amounts found again on a number line.",
            "Two ways that do not need each other: eighths, and what is left of each pan.",
            "11/8, then the leftovers: 2/8 and 3/8 missing from two pans gives the same.",
            "Finds the friend's thought, ‘add everything’, and shows where it stops working.",
        ),
        "two independent ways each time, and a kind answer to the friend",
        Page(
            "squared",
            (
                _w(270, "Brownie pans", x=140, scale=1.0),
                _w(350, "a) I cut both pans in eighths.", x=140),
                Bar(140, 400, 880, 110, 8, 6, label="{3/4}={6/8}"),
                Bar(140, 560, 880, 110, 8, 5, label="{5/8}"),
                _w(790, "Table 1 ate {1/8} of a pan more.", x=140),
                _w(
                    890,
                    "Second way: what is left over?",
                    "Table 1 left {1/4}. Table 2 left {3/8}. A quarter",
                    "is just {2/8} so table 1 left less, and",
                    "if you leave less you ate more.",
                    x=140,
                    step=94,
                ),
                NumberLine(
                    170,
                    1420,
                    1040,
                    (
                        (0.0, "0"),
                        (0.125, ""),
                        (0.25, ""),
                        (0.375, ""),
                        (0.5, "{1/2}"),
                        (0.625, "{5/8}"),
                        (0.75, "{6/8}"),
                        (0.875, ""),
                        (1.0, "1"),
                    ),
                    dots=(0.625, 0.75),
                    tag="line",
                ),
                _w(1670, "Both are more than half.", x=140),
            ),
            head="corner",
            look="desk",
            date="Nov 6",
        ),
        Page(
            "squared",
            (
                _w(210, "b) {6/8} + {5/8} = {11/8} = [[1{3/8}]] pans", x=140),
                _w(
                    340,
                    "Check: two whole pans would be {16/8}.",
                    "They left {2/8} and {3/8}, thats {5/8}.",
                    "{16/8} - {5/8} = {11/8}  It works!",
                    x=140,
                    step=108,
                ),
                _w(
                    740,
                    "c) No. I think you added the tops",
                    "and then the bottoms. But the bottom",
                    "is not how many, it is what size the",
                    "pieces are. If you say 12, you made the",
                    "pieces smaller and nobody cut them.",
                    x=140,
                    step=84,
                ),
                _w(
                    1190, "Try it with {1/2} + {1/2}. Your way gives", "{2/4} and that is only a half!", x=140, step=100
                ),
                Bar(140, 1400, 360, 100, 2, 1),
                _w(1480, "+", x=530),
                Bar(600, 1400, 360, 100, 2, 1),
                _w(1480, "= 1 pan", x=1000),
            ),
            look="desk",
        ),
    ),
    _sample(
        "E",
        "soft-pencil",
        (2, 2, 2, 3),
        (_at("the two pans", "pans"), _at("line 2", 2), _at("line 5", 5), _at("line 6", 6)),
        (
            "Equal pieces, but one pan is a long bar and the other a square.",
            "Right table, decided by pieces missing: ‘1 away’ against ‘3 away’.",
            "3/4 becomes 6/8, and then 6 and 5 stay side by side.",
            "A classmate could follow each step, the gap idea too.",
        ),
        "counts how many pieces are missing, whatever their size",
        _worksheet(
            Bar(150, 520, 560, 100, 4, 3, label="{3/4}", tag="pans"),
            Pan(930, 500, 290, 270, 4, 2, 5, label=""),
            _w(740, "{3/4} is only 1 away from whole.", scale=0.9),
            _w(850, "{5/8} is 3 away. So table 1 ate", "more because it is closer.", scale=0.9),
            _w(1260, "{3/4} is the same as {6/8}.", x=150),
            _w(1350, "So its 6 and 5 more.", x=150),
            _w(1590, "No because {8/12} is 4 away and that is", "farther than both of them."),
            paper="recycled",
            look="desk",
            smudges=1,
        ),
    ),
    _sample(
        "F",
        "round-pencil",
        (1, 3, 3, 2),
        (_at("the two circles", "circles"), _at("line 1", 1), _at("line 2", 2), _at("line 4", 4)),
        (
            "Circles cut by straight lines across: the outer pieces are much smaller.",
            "Leaves the circles and uses eighths: 6/8 against 5/8.",
            "6/8 + 5/8 = 11/8, then 1 3/8.",
            "The steps are there for (b); (c) is one short line.",
        ),
        "sure numbers beside circles whose pieces are not equal",
        _worksheet(
            Pie(320, 640, 145, 4, 3, stacked=True, label="{3/4}", tag="circles"),
            Pie(760, 640, 145, 8, 5, stacked=True, label="{5/8}"),
            _w(1000, "{3/4} = {6/8} so Table 1, {6/8} > {5/8}"),
            _w(1250, "{6/8} + {5/8} = {11/8}", "           = [[1{3/8}]]", step=94),
            _w(1590, "No they ate more than 1."),
            paper="pale-yellow",
            look="tilted",
        ),
    ),
    _sample(
        "G",
        "thin-pencil",
        (3, 3, 2, 2),
        (_at("the two circles", "circles"), _at("line 1", 1), _at("line 3", 3), _at("line 4", 4)),
        (
            "Two circles of one size, pieces nearly equal.",
            "‘A quarter is two eighths’ makes the pieces the same.",
            "Renames to 6/8, then adds the bottoms too: 11/16 loses its unit.",
            "Says that it is not 8/12; why is not on the page yet.",
        ),
        "renames correctly, then adds the denominators after all",
        _worksheet(
            Pie(330, 630, 140, 4, 3, uneven=0.01, label="{3/4}", tag="circles"),
            Pie(770, 630, 140, 8, 5, uneven=0.008, label="{5/8}"),
            _w(960, "A quarter is two eighths so table 1", "has 6 eighths and table 2 has 5."),
            _w(1250, "{6/8} + {5/8} = {11/16}"),
            Ring(448, 1165, 130, 170),
            _w(1590, "No its not {8/12} because I got {11/16}."),
            look="close",
            smudges=1,
        ),
    ),
    _sample(
        "H",
        "quick-pencil",
        (2, 4, 3, 4),
        (_at("the two pans", "pans"), _at("lines 1 to 3", 2), _at("line 4", 4), _at("line 5", 5)),
        (
            "Pieces are equal within each pan; the second pan came out taller.",
            "Half as a landmark, and eighths as a second way, with the difference named.",
            "Joins a half and a half first, then the quarter and the eighth: 1 3/8.",
            "‘I think you put all the pieces in one pan’: takes the friend's thought seriously.",
        ),
        "reasons from one half; the drawing is only a reminder",
        _worksheet(
            Pan(150, 500, 300, 160, 2, 2, 3, label="{3/4}", tag="pans"),
            Pan(620, 490, 300, 240, 4, 2, 5, label="{5/8}"),
            _w(
                830,
                "{3/4} is a half and {1/4} more. {5/8} is a half",
                "and {1/8} more. {1/4} is bigger than {1/8}!",
                "So table 1. In eighths its {1/8} more.",
                step=94,
            ),
            _w(1260, "half + half = 1,  {1/4} + {1/8} = {3/8}   [[1{3/8}]]"),
            _w(
                1575,
                "No. I think you put all the pieces in",
                "one pan. But both are over half so it",
                "has to be over 1 and {8/12} is not.",
                step=84,
            ),
            look="desk",
        ),
    ),
    _sample(
        "I",
        "young",
        (1, 1, 2, 1),
        (_at("the two circles", "circles"), _at("line 1", 1), _at("line 2", 2), _at("line 3", 3)),
        (
            "Wedges of any size; the 3 and the 5 are what was drawn.",
            "5 pieces are more than 3 pieces, whatever their size.",
            "Puts the pieces together and counts 8 pieces; a name for the pieces is still to come.",
            "Two short answers and a drawing without labels.",
        ),
        "counts pieces and not how big they are",
        _worksheet(
            Scribble(190, 510, 190, 120),
            Pie(560, 620, 115, 4, 3, uneven=0.07, tag="circles"),
            Pie(950, 640, 150, 8, 5, uneven=0.045),
            _w(940, "Table 2 becuase 5 peices"),
            _w(1250, "8 peices"),
            _w(1590, "I dont know maybe"),
            paper="plain",
            look="scan",
            smudges=2,
        ),
    ),
    _sample(
        "J",
        "neat",
        (2, 3, 3, 3),
        (_at("the one bar", "bars"), _at("line 1", 1), _at("line 3", 3), _at("line 7", 7)),
        (
            "One pan is drawn and well; the other one has to be imagined.",
            "Hundredths do the work of a common unit: 75 against 62 and a half.",
            "Adds decimals to 1.375 and finds the way back to 1 3/8.",
            "Numbers and words for each part, easy to follow.",
        ),
        "thinks in decimals and makes a way back to fractions",
        Page(
            "squared-green",
            (
                _w(350, "a) {3/4} = 0.75      {5/8} = 0.625", x=150),
                _w(470, "0.75 is more, so Table 1 ate more.", x=150),
                Bar(150, 620, 900, 115, 4, 3, label="0.75", tag="bars"),
                _w(880, "b)   0.75 + 0.625 = 1.375", x=150),
                _w(990, "1.375 = [[1{3/8}]] because {1/8} is 0.125", "and three of those is 0.375", x=150, step=96),
                _w(
                    1250,
                    "c) {8/12} is the same as {2/3} and that is",
                    "about 0.67. It cant be right because",
                    "Table 1 alone ate 0.75 and that is",
                    "already more than 0.67 !",
                    x=150,
                    step=86,
                ),
            ),
            head="corner",
            look="desk",
            date="11/6",
        ),
    ),
    _sample(
        "K",
        "round",
        (3, 3, 3, 2),
        (_at("the number line", "line"), _at("line 1", 1), _at("line 2", 2), _at("line 3", 3)),
        (
            "Bars of one length and a number line with the eighths marked.",
            "Eighths on the bars and on the line say the same.",
            "Hops on from 6/8 by 5/8 and lands on 11/8.",
            "(c) says no; the reason is in the picture and not yet in words.",
        ),
        "adds by hopping along a number line",
        _worksheet(
            Bar(150, 490, 800, 90, 4, 3, label="{3/4}={6/8}"),
            Bar(150, 605, 800, 90, 8, 5, label="{5/8}"),
            _w(785, "Table 1 because {6/8} is more."),
            NumberLine(
                180,
                965,
                1040,
                (
                    (0.0, "0"),
                    (0.0833, ""),
                    (0.1667, ""),
                    (0.25, ""),
                    (0.3333, ""),
                    (0.4167, "{5/8}"),
                    (0.5, "{6/8}"),
                    (0.5833, ""),
                    (0.6667, "1"),
                    (0.75, ""),
                    (0.8333, ""),
                    (0.9167, "{11/8}"),
                    (1.0, ""),
                ),
                dots=(0.4167, 0.5),
                hops=((0.5, 0.9167, "+5"),),
                tag="line",
            ),
            _w(1250, "{6/8} + {5/8} = [[{11/8}]]"),
            _w(1600, "No, look at my line."),
            look="tilted",
        ),
        name="Juniper Ashgrove",
    ),
    _sample(
        "L",
        "flowing",
        (4, 3, 3, 3),
        (_at("the pans", "pans"), _at("line 3", 3), _at("line 5", 5), _at("line 7", 7)),
        (
            "Both pans cut four by two: six of eight and five of eight, piece by piece.",
            "‘The same pieces, 6 against 5’: one unit, and it is said.",
            "Fills up the first pan with two pieces and counts what is over: 1 3/8.",
            "Each answer can be followed; the friend gets a reason.",
        ),
        "the same pans cut the same way, and a total made by filling up",
        _worksheet(
            Pan(150, 500, 400, 210, 4, 2, 6, label="", tag="pans"),
            Pan(720, 500, 400, 210, 4, 2, 5, label=""),
            _w(790, "Table 1", x=250),
            _w(790, "Table 2", x=820),
            _w(915, "I cut both pans into the same pieces,", "6 against 5, so Table 1 ate more."),
            _w(1235, "Take 2 from Table 2 to fill up the pan.", "3 are left over. [[1{3/8}]] pans", step=96),
            _w(1590, "No, {8/12} is not even a full pan and I", "filled one up and had three over."),
            paper="pale-blue",
            look="desk",
        ),
    ),
    _sample(
        "M",
        "narrow",
        (3, 4, 3, 4),
        (_at("the two bars", "bars"), _at("line 2", 2), _at("line 4", 4), _at("line 5", 5)),
        (
            "Bars of one length right under each other, with the quarters halved.",
            "Halves each quarter, compares eighths with eighths, and names the difference: 1/8.",
            "8/12 crossed out, and 11/8 after renaming.",
            "‘I did that first too’: says what the thought was and what was wrong with it.",
        ),
        "catches its own 8/12 and says why",
        _worksheet(
            Bar(150, 500, 860, 100, 8, 6, label="{6/8}", tag="bars"),
            Bar(150, 635, 860, 100, 8, 5, label="{5/8}"),
            _w(820, "I cut every quarter in half to get", "eighths. 6 is more than 5 so Table 1.", step=70),
            _w(1000, "The other way: {5/8} is under {3/4} by {1/8}."),
            _w(1255, "~~{3/4} + {5/8} = {8/12}~~   {6/8} + {5/8} = {11/8} = [[1{3/8}]]"),
            _w(
                1570,
                "I did that first too! But the tops are",
                "different size pieces so you cant count",
                "them together. And it has to be over 1.",
                step=82,
            ),
            look="close",
        ),
    ),
    _sample(
        "N",
        "heavy",
        (1, 3, 3, 1),
        (_at("the sketch", "sketch"), _at("the two products", 1), _at("line 3", 3), _at("line 5", 5)),
        (
            "A small sketch with pieces of any size, not used again.",
            "24 and 20 are 24/32 and 20/32: a common unit, though it is never named.",
            "44/32 brought down to 1 3/8.",
            "A rule at work; what 24 and 20 mean is not on the page.",
        ),
        "a remembered rule that gives right answers without reasons",
        _worksheet(
            Pie(1130, 620, 95, 4, 3, uneven=0.06, tag="sketch"),
            _w(600, "3 x 8 = 24      5 x 4 = 20"),
            _w(720, "{24/32}  >  {20/32}      Table 1", step=90),
            _w(1240, "{24/32} + {20/32} = {44/32}", "= 1{12/32} = [[1{3/8}]]", step=104),
            _w(1600, "No its wrong"),
            paper="plain",
            look="desk",
        ),
        Page(
            "plain",
            (
                _w(330, "24", x=300, scale=1.2),
                _w(330, "20", x=780, scale=1.2),
                _w(520, "{3/4}", x=290, scale=1.7),
                _w(520, "{5/8}", x=770, scale=1.7),
                Arrow(420, 560, 740, 430),
                Arrow(730, 560, 440, 430),
                _w(760, "4 x 8 = 32", x=430, scale=1.2),
                Scribble(960, 700, 260, 90),
                _w(960, "24", x=330, scale=1.2),
                _w(1050, "+ ~~22~~ 20", x=262, scale=1.2),
                Bar(270, 1078, 220, 3, 1, 0),
                _w(1160, "44", x=330, scale=1.2),
                _w(990, "44 = 32 + 12", x=720, scale=1.1),
                _w(1150, "12 ÷ 4 = 3", x=760, scale=1.1),
                _w(1240, "32 ÷ 4 = 8", x=760, scale=1.1),
                Ring(700, 1070, 430, 215),
                Arrow(900, 1290, 840, 1400),
                _w(1500, "[[{3/8}]]", x=760, scale=1.3),
            ),
            look="tilted",
            smudges=2,
        ),
    ),
)

TASK = Task(
    key="brownies",
    title="Brownie pans",
    grade="5",
    subject="Mathematics",
    prompt=PROMPT,
    context=CONTEXT,
    standards=("5.NF.A.1", "5.NF.A.2"),
    intended_learning="Students make parts equal before they add, and use an estimate to see whether it can be right.",
    rubric=RUBRIC,
    samples=SAMPLES,
    bank=BANK,
)
