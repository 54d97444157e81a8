"""The demo's argument task for grade 7: 'Longer lunch', with fourteen pieces of student writing.

Text, facts and student work are invented. Lines are broken as the student broke them, mistakes and all.
"""

from home.demo.argument_bank import BANK
from home.demo.content import Criterion, Level, Page, Point, Rubric, SampleContent, Task, Write
from home.demo.paper import FIRST_LINE, LINE

LEVELS = (Level(1, "beginning"), Level(2, "nearing"), Level(3, "proficient"), Level(4, "beyond"))

RUBRIC = Rubric(
    title="Argument from a text, grade 7",
    levels=LEVELS,
    proficient_from=3,
    criteria=(
        Criterion(
            "claim",
            "Claim",
            {
                1: "Tells about the subject; a side can be guessed from what is told.",
                2: "Says which side the writer is on.",
                3: "Keeps to one side from start to end and meets an objection from the other.",
                4: "Says when, for whom or at what price the claim holds, and grants what is true on the other side.",
            },
        ),
        Criterion(
            "evidence",
            "Evidence",
            {
                1: "Speaks from the writer's own experience or opinion.",
                2: "Brings in a fact or quotation from the text.",
                3: "Says how the fact or quotation supports the claim.",
                4: "Puts two facts together, or weighs one against another, and says what they show only together.",
            },
        ),
        Criterion(
            "reasoning",
            "Reasoning",
            {
                1: "Gives one reason, once or in several wordings.",
                2: "Gives two or more reasons side by side.",
                3: "Leads from reason to claim in steps a reader can follow (because, so, which means).",
                4: "Builds one reason on another and follows a consequence to its end, even where it costs the claim.",
            },
        ),
    ),
)

PROMPT = (
    "The school council will vote on the length of lunch. Read ‘Time to eat’, then write an argument to the council: "
    "should our school have a longer lunch? Take a side. Use facts from the article and explain what they show. "
    "Answer someone who sees it differently."
)

ARTICLE = (
    "Time to eat. At Larkfield Middle School lunch lasts twenty minutes, and standing in line takes about half of "
    "that. Last spring a class weighed what went into the bins: students who ate for less than twenty minutes "
    "left a third of their food, and students who had thirty minutes left almost none. The kitchen staff say that "
    "most of what comes back is fruit and vegetables, because people eat those last. A longer lunch has a price, "
    "though: to add ten minutes, the school would have to start earlier or take two minutes from each of five "
    "lessons. Some teachers worry about lost time, while others say that the hour after lunch is the hardest to "
    "teach when people are hungry."
)


def _page(
    text: str,
    *,
    paper: str = "ruled",
    head: str = "name",
    look: str = "desk",
    date: str = "",
    top: int = 1,
    smudges: int = 0,
) -> Page:
    """A written page; the first line of ``text`` stands on ruled line ``top`` (the page's first is 0)."""
    lines = tuple(text.strip("\n").split("\n"))
    return Page(
        paper, (Write(lines, y=FIRST_LINE + top * LINE, room=1150),), head=head, look=look, date=date, smudges=smudges
    )


def _at(line: int, page: int = 1, *, pages: int = 1) -> Point:
    words = f"page {page}, line {line}" if pages > 1 else f"line {line}"
    return Point(words, page, str(line))


def _sample(  # noqa: PLR0917  (each call reads as a row of a table)
    label: str,
    hand: str,
    levels: tuple[int, int, int],
    points: tuple[Point, Point, Point],
    why: tuple[str, str, str],
    shows: str,
    *pages: Page,
    name: str = "",
) -> SampleContent:
    keys = ("claim", "evidence", "reasoning")
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
        "round",
        (2, 2, 1),
        (_at(2), _at(7), _at(10)),
        (
            "Says yes in line 2 and stays there; nobody who disagrees is heard.",
            "Line 7 brings in the third of the food and then moves on to something else.",
            "Being hungry is the one reason; lines 11 and 13 say it again.",
        ),
        "a fact from the text stands by itself, and one reason comes back in three wordings",
        _page(
            """
Longer Lunch
Yes I think our school should have a
longer lunch. I am always still eating
when the bell rings and then I have to
throw my ~~sandwhich~~ sandwich away. The
article "Time to eat" says that students
left a third of there food. My freind
always gets the pizza and I get the
salad bar.
If you dont eat you are hungry and you
cant do anything. Being hungry is realy
bad. Thats why we need a longer lunch
because we are all so hungry!!
""",
            date="Oct 14",
            look="tilted",
        ),
    ),
    _sample(
        "B",
        "quick",
        (3, 3, 3),
        (_at(8), _at(5), _at(6)),
        (
            "Takes a side in line 2 and answers ‘we need the time for lessons’ in lines 8 to 10.",
            "Line 5 says what the quotation shows, and line 6 makes it a cost.",
            "‘When people waste food it costs’ and ‘if your hungry you dont lern’: each step leads to the next.",
        ),
        "a quotation is put to work, and the other side gets an answer",
        _page(
            """
Should our school have longer lunch?
I think lunch should be longer. In the
article it says "students who ate for less
than twenty minutes left a third of their
food." This shows that there is not enuf
time. When people waste food it costs the
school money and they are hungry in math.
Some people say that we need the time for
~~lesens~~ lesons. But if your hungry you dont lern
anyway so its not really lost time.
Thats why 30 minutes is better than 20.
""",
            look="desk",
        ),
    ),
    _sample(
        "C",
        "neat",
        (3, 3, 3),
        (_at(2), _at(9), _at(13)),
        (
            "One side throughout; lines 12 to 15 take up the lost minutes and answer them.",
            "‘That means’ in line 9 turns the weighed food into a reason for thirty minutes.",
            "From the line, to the time left, to the food in the bin: we can follow every step.",
        ),
        "a clear, complete argument: side, fact, what the fact shows, objection, answer",
        _page(
            """
A Longer Lunch
Our school should make lunch ten
minutes longer. Right now half of the
twenty minutes goes to standing in
line, so we really have ten minutes to
eat. The article says students with
less than twenty minutes left a third
of their food, but with thirty minutes
they left almost none. That means the
problem is not that the food is bad.
The problem is time.
Some teachers worry about lost time.
But it is only two minutes from a
class, and in return people are not
hungry in the hour after lunch.
The council should vote yes.
""",
            paper="ruled-cream",
            look="close",
            date="10/14",
        ),
    ),
    _sample(
        "D",
        "young-pen",
        (1, 1, 1),
        (_at(1), _at(6), _at(8)),
        (
            "Tells how lunch goes; we can guess that more time would be welcome.",
            "All from the writer's own table: the chicken, the loud room, who sits where.",
            "One reason, that it is over fast, told as a story.",
        ),
        "a lively picture of lunch from which a side can be guessed",
        _page(
            """
At lunch I sit with my cousin and
2 other people. First you wait in the
line and its SO long. Then you get
your food and sit down. The chicken
is the best one and on friday its
pizza. It is very loud in there.
One time somebody droped a tray
and evrybody claped. Then the bell
rings and its over before you
even sit down.
""",
            paper="spiral",
            look="scan",
            date="Oct 14",
            top=2,
        ),
    ),
    _sample(
        "E",
        "flowing",
        (4, 3, 4),
        (_at(9, 2, pages=2), _at(9, 1, pages=2), _at(3, 2, pages=2)),
        (
            "Asks for thirty minutes on four days only, and says why not on the fifth.",
            "The bins become an argument: what is thrown away was paid for and not eaten.",
            "Follows the earlier start all the way to the bus, even though it hurts the claim.",
        ),
        "a claim with conditions that looks its own price in the face",
        _page(
            """
To the school council
I believe lunch should be thirty
minutes long, but not in the way that
most people are asking for it.
Look at what the article counted. When
students had less than twenty minutes
they "left a third of their food." With
thirty minutes they left almost none.
Somebody paid for that food and
somebody cooked it, and nobody was fed
by it. A lunch that ends up in the bin
is not a lunch, so the twenty minutes
are only saved on paper.
The fruit is what comes back most
because people eat it last. So a short
lunch does not only make us eat less,
it makes us eat ~~worser~~ worse.
""",
            date="October 14",
            look="desk",
        ),
        _page(
            """
It does cost something. To start ten
minutes earlier every day would be
hard for people on the first bus, who
get up at 5:30 already. I would not
ask them to. If we take two minutes
from five lessons, we lose ten minutes
a day, and that is almost an hour in a
week. That is a lot of ^^math^^ lessons!
So I say: thirty minutes from Monday
to Thursday. On Friday, when there is
the short schedule, keep it at twenty.
We would lose forty minutes, not fifty,
and get four days when the hour after
lunch is worth teaching.
""",
            head="none",
            look="desk",
            top=0,
        ),
        name="Odalys Brightwater",
    ),
    _sample(
        "F",
        "thin",
        (1, 2, 1),
        (_at(13), _at(7), _at(12)),
        (
            "Both sides of the article are retold; only ‘its a good article’ is the writer's own.",
            "Facts from the text in nearly every line, in the text's own words.",
            "No reason is the writer's yet; the order is the article's order.",
        ),
        "retells the article almost word for word",
        _page(
            """
Time to eat
At Larkfield Middle School lunch lasts
twenty minutes and standing in line
takes about half of that. Last spring a
class weighed what went in the bins.
Students who ate for less than twenty
minutes left a third of their food. The
kitchen staff say most of what comes
back is fruit and vegetables. A longer
lunch has a price though. The school
would have to start earlier. Some
teachers worry about lost time.
I think its a good article and it is
true about lunch.
""",
            paper="legal",
            look="tilted",
            date="Oct 15",
        ),
    ),
    _sample(
        "G",
        "narrow",
        (2, 2, 2),
        (_at(11), _at(4), _at(8)),
        (
            "Yes in line 1, no in line 11: two sides, one after the other.",
            "The third of the food is there; what it proves is left to the reader.",
            "Several reasons, for and against, set side by side.",
        ),
        "the claim turns round half way",
        _page(
            """
I think lunch should be longer because
20 minutes is to short. In the text it
says the line takes half and kids left
"a third of their food". Also you want
to talk with your friends, in class you
are not aloud to. Also you can finish
homework at lunch.
But on the other hand if lunch is
longer school starts ten minutes
earlyer and nobody wants to get up.
So I think we should keep it how it is.
I would rather sleep. Also the lunch
room is loud and I dont want to be
in there longer.
In conclusion lunch is important.
""",
            look="close",
            head="corner",
            date="Oct 14",
        ),
    ),
    _sample(
        "H",
        "heavy",
        (3, 3, 4),
        (_at(12), _at(6), _at(9)),
        (
            "Stays with yes and takes on the lost lessons in lines 12 to 16.",
            "‘It was not the food it was the clok’: says exactly what the two numbers show.",
            "Hungry, then slow, then a lesson taught twice: one reason stands on the other, to the end.",
        ),
        "strong thinking under uncertain spelling",
        _page(
            """
Longer luch for us
We shud have 30 minits for lunch. The
artical says kids who had less then 20
left a therd of there food but the kids
with 30 left allmost nothing. Its the
same food! So it was not the food it
was the clok.
When you dont finnish you are hungry
and when you are hungry you are slow.
Then the teacher has to ^^say^^ it agen. So
the 10 minits you saved you loose them
agen after lunch. Peopel say it takes
time from lesons, and thats true, 2
minits. But 2 minits from a class that
is awake is cheeper then a hole class
that is a sleep.
""",
            paper="ruled",
            look="desk",
            date="oct 14",
            smudges=1,
        ),
    ),
    _sample(
        "I",
        "sharp",
        (4, 4, 4),
        (_at(4, 2, pages=2), _at(8, 1, pages=2), _at(13, 2, pages=2)),
        (
            "Holds for one year and with a measurement; grants that lessons really do get shorter.",
            "Puts the line and the bins together: neither number alone shows where the time goes.",
            "Each reason rests on the one before, and the last one tests the claim itself.",
        ),
        "two facts that work together, and a claim that can be tested",
        _page(
            """
Ten Minutes
Our school should try a thirty minute
lunch for one year, and measure it.
The article gives two numbers that are
more interesting together than apart.
The line takes half of lunch. People
with under twenty minutes leave a third
of their food. If you have twenty
minutes and lose ten, you are not a
"twenty minute" eater at all, you are a
ten minute eater. So almost everybody
is in the group that wastes food, not
only the slow ones. That is why telling
people to eat faster will not help.
With thirty minutes, the line still
takes ten, but twenty are left.
""",
            paper="ruled",
            look="desk",
            date="10/14",
        ),
        _page(
            """
It is fair to say that lessons get
shorter. Two minutes from five lessons
is real, and a teacher who plans to the
minute will feel it. I do not think we
should say that it costs nothing.
But the teachers in the article do not
agree with each other, and that tells
me the cost depends on what the hour
after lunch is like now. That is
something we can find out. Weigh the
bins and ask the teachers in the fall,
and ^^do^^ it again in the spring. If the food
is still thrown away, then I am wrong
and we should go back to twenty.
""",
            paper="ruled",
            head="none",
            look="desk",
            top=0,
        ),
    ),
    _sample(
        "J",
        "round-blue",
        (2, 3, 2),
        (_at(13), _at(6), _at(9)),
        (
            "Yes from the first line; the other side is named in line 13 and left standing.",
            "‘This proves’ in line 6 says what the thrown-away food has to do with time.",
            "Food, friends, fresh air: three good reasons in a row, each on its own.",
        ),
        "the other side is mentioned in the last lines and gets no answer",
        _page(
            """
Why Lunch Should Be Longer
In my opinion lunch should be longer
for three reasons.
First, the text says students "left a
third of their food" when they had less
than twenty minutes. This proves that
people dont throw food away because
they dont like it, they run out of time.
Second, lunch is when you see your
friends that are not in your classes.
Third, you could go outside and get
fresh air.
Some people might say lessons would
be shorter. That is the other side.
In conclusion, lunch should be longer.
""",
            paper="spiral",
            look="tilted",
            date="Oct 14",
        ),
    ),
    _sample(
        "K",
        "flowing",
        (3, 4, 3),
        (_at(2), _at(8), _at(13)),
        (
            "Against from start to end, and meets the wasted food head on.",
            "Sets the line against the bins: if the line takes half, mend the line first.",
            "Because, so, then: a reader can follow from the long line to the second one.",
        ),
        "argues against the longer lunch by weighing one fact against another",
        _page(
            """
Fix the line, not the lunch
I do not think lunch should be longer.
I know why people want it. The bins in
the article are full, and a third of
the food is a lot to throw away.
But look at the other number. Standing
in line takes half of the twenty
minutes. So the food is not wasted
because lunch is short, it is wasted
because the line is long. If there was
a second line, everyone would have five
more minutes to eat, and no class would
get shorter. If that works, we dont
have to start earlier, which is hard
for people who take the early bus.
Ten more minutes would just mean we
~~waite~~ wait longer.
""",
            paper="ruled-cream",
            look="desk",
            head="corner",
            date="Oct. 14",
        ),
    ),
    _sample(
        "L",
        "quick-pencil",
        (2, 1, 3),
        (_at(1), _at(5), _at(7)),
        (
            "The side is clear in line 1; nobody else's view comes in.",
            "Everything comes from the writer's own afternoons; the article is not used yet.",
            "No food, no energy, no listening, a bad test: ‘so’ leads from one to the next.",
        ),
        "reasons well from experience, without the text",
        _page(
            """
We need a longer lunch because of what
happens after. I have science in 6th
hour. When I only ate half of my lunch
my stomach is loud and I look at the
clock. I am tired so I dont listen.
Because I dont listen I dont get the
notes. Then I dont know what to study
so my test is bad. It all started with
lunch! If I had ten more minutes I
would be full, and I would listen, and
I would do better. So a longer lunch
gives you better grades and you
would not even need a tutor.
""",
            paper="recycled",
            look="desk",
            date="Oct 14",
            smudges=2,
        ),
    ),
    _sample(
        "M",
        "thin-pencil",
        (2, 2, 1),
        (_at(1), _at(5), _at(11)),
        (
            "Agrees with a longer lunch in line 1; the rest is quotations.",
            "Five quotations, well chosen, each followed by the next one.",
            "‘All these quotes’ is the reason: the writer lets the text do the talking.",
        ),
        "many quotations, and not yet a word about what they show",
        _page(
            """
I agree that lunch should be longer.
It says "lunch lasts twenty minutes."
It also says "standing in line takes
about half of that." Another quote is
"students who had thirty minutes left
almost none." Another quote is "most of
what comes back is fruit and
vegetables." It also says "the hour
after lunch is the hardest to teach
when people are hungry."
%%So you can see%%
All these quotes show that lunch
should be longer.
""",
            paper="spiral",
            look="close",
            date="Oct 14",
        ),
    ),
    _sample(
        "N",
        "neat-pencil",
        (4, 2, 3),
        (_at(8), _at(4), _at(6)),
        (
            "Yes for those who stand in line, and it grants that others do not need it.",
            "The half of lunch spent in line is there; what it shows is left unsaid.",
            "‘So’ and ‘which means’ take us from the line to the two kinds of lunch.",
        ),
        "a short piece with a fine claim and one fact that is not put to work",
        _page(
            """
Lunch for who?
It depends who you are. If you bring
your lunch, twenty minutes is fine. The
article says the line takes half. So if
you ^^buy^^ lunch you only have ten minutes,
which means there are two lunches in
our school, a long one and a short one.
I say make it longer for the people in
the line, and let the others go outside.
It is true that lessons would be a bit
shorter for some. But it is only fair if
everyone gets the same time to eat.
""",
            paper="ruled",
            look="tilted",
            date="Oct 14",
        ),
    ),
)

TASK = Task(
    key="lunch",
    title="Longer lunch",
    grade="7",
    subject="English language arts",
    prompt=PROMPT,
    context=ARTICLE,
    standards=("W.7.1", "W.7.1.b"),
    intended_learning="Students take a side and back it with evidence from what they read, saying why it counts.",
    rubric=RUBRIC,
    samples=SAMPLES,
    bank=BANK,
)
