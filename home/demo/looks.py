"""Two meetings without scores, word by word, and one to come: what the first team saw, thought and will do.

All of it is invented, and true of the pieces of ‘Longer lunch’ that lie on the table. People are places among the
team's people; 0 facilitates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions_app.models import Purpose


@dataclass(frozen=True)
class Said:
    """A note of one person; with a `line` it points there, else it is about `label`, or about all of the work."""

    kind: str
    who: int
    text: str
    label: str = ""
    line: int = 0


@dataclass(frozen=True)
class Doing:
    """A next step: in how many days it is due, and what came of it where it is done."""

    text: str
    students: str
    who: int
    days: int
    outcome: str = ""


@dataclass(frozen=True)
class Look:
    """A meeting with a protocol that does not score; `days` from today, so that a negative one is over.

    `said` is by the key of the step.
    """

    protocol: str
    labels: str
    focus_question: str
    purpose: str
    presenter: int
    timekeeper: int
    recorder: int
    minutes: int
    days: int
    norm: int
    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    doing: tuple[Doing, ...] = ()


ATLAS = Look(
    protocol="atlas",
    labels="H",
    focus_question="What does this student know about an argument that the spelling keeps us from seeing?",
    purpose=Purpose.THINKING,
    presenter=2,
    timekeeper=4,
    recorder=3,
    minutes=50,
    days=-38,
    norm=3,
    said={
        "describing": (
            Said("observation", 1, "The two numbers stand side by side: ‘less then 20’ and ‘with 30’.", "H", 3),
            Said("observation", 5, "An exclamation mark after ‘Its the same food’, the only one.", "H", 6),
            Said("observation", 6, "A short sentence ends the paragraph: ‘it was the clok’.", "H", 7),
            Said("observation", 6, "‘hungry’ comes twice, and the second time it leads on to ‘slow’.", "H", 9),
            Said("observation", 0, "‘say’ is put in above the line.", "H", 10),
            Said("observation", 3, "‘thats true’ stands before the answer to what people say.", "H", 13),
            Said("observation", 4, "The same two minutes are named twice in two lines.", "H", 14),
        ),
        "interpreting": (
            Said(
                "interpretation",
                6,
                "The student compares two cases in which only one thing differs, and draws the "
                "conclusion from that: not the food, the time.",
                "H",
                6,
            ),
            Said("interpretation", 1, "They know that one grants a point first and answers it then.", "H", 13),
            Said(
                "speculation",
                5,
                "Perhaps they have told this to somebody before they wrote it: it sounds like talk, "
                "and it has the order of talk.",
                "H",
            ),
            Said("speculation", 3, "It may be that ‘cheeper’ is about money and about time at once.", "H", 15),
            Said("interpretation", 4, "Hungry, slow, said again, lost: each step needs the one before.", "H", 9),
        ),
        "implications_for_teaching": (
            Said("implication", 5, "Let somebody read drafts aloud before anybody marks one."),
            Said(
                "implication",
                1,
                "Ask this student where the idea with the two minutes came from; the others could learn it from them.",
            ),
            Said("implication", 6, "Spelling could have its own day and its own feedback, apart from the argument."),
            Said("implication", 0, "The task gives two numbers and does not ask to compare them. It could."),
        ),
        "presenter_reflects": (
            Said(
                "response",
                2,
                "I had read this four times and never heard it. When Jun read line 14 aloud I noticed"
                " that I had only ever corrected it.",
            ),
            Said(
                "response",
                2,
                "I want to find out who else in my class compares before they conclude, and whether I"
                " have praised it once.",
            ),
        ),
        "debrief": (
            Said("plus", 4, "We stayed with describing for the whole ten minutes."),
            Said("plus", 2, "Nobody asked me to explain myself. I could listen."),
            Said("delta", 6, "Twice we said ‘good’ while we described. Stop each other sooner."),
        ),
    },
    doing=(
        Doing(
            "Read three drafts aloud in each class before anything is written on them.",
            "students whose spelling hides their thinking",
            2,
            14,
            "Two students rewrote their ending after hearing it. I heard an argument that I had marked as missing.",
        ),
        Doing(
            "Ask the writer of sample H how they came to the two minutes, and write down what they say.",
            "",
            1,
            30,
        ),
    ),
)

WONDER = Look(
    protocol="describe-wonder-plan",
    labels="AG",
    focus_question="What do these writers do with the fact about the bins once they have it?",
    purpose=Purpose.PLAN,
    presenter=1,
    timekeeper=6,
    recorder=5,
    minutes=30,
    days=-10,
    norm=0,
    said={
        "what_do_you_see": (
            Said(
                "observation",
                0,
                "The fact stands in the middle of the page, between the sandwich and the pizza.",
                "A",
                7,
            ),
            Said("observation", 1, "The title of the article is named, with quotation marks.", "A", 6),
            Said("observation", 2, "‘a third of their food’ is in quotation marks here.", "G", 4),
            Said("observation", 3, "Right after it comes ‘Also’.", "G", 4),
            Said("observation", 4, "‘But on the other hand’ is the first line of the second half.", "G", 8),
            Said("observation", 5, "‘hungry’ is in three of the last four lines.", "A", 11),
            Said("observation", 6, "Neither page names the thirty minutes of the article."),
        ),
        "what_do_you_wonder": (
            Said(
                "probing",
                5,
                "I wonder whether the writer thinks that the fact has done its work by standing there.",
                "A",
                7,
            ),
            Said("probing", 3, "I wonder what happened between line 7 and line 8.", "G", 8),
            Said("clarifying", 6, "Did they have a plan sheet with three boxes?"),
            Said("probing", 2, "I wonder who they think will read it.", "G"),
        ),
        "what_might_it_mean": (
            Said("interpretation", 4, "A fact may be something that one has to mention, like a title.", "A"),
            Said(
                "interpretation",
                0,
                "It could also be that they see what it shows and think that we see it too.",
                "A",
                7,
            ),
            Said("interpretation", 6, "Writer G weighs both sides and has no place to put that but the end.", "G", 11),
        ),
        "what_shall_we_do": (
            Said("implication", 5, "Stop after the fact, and ask the next person at the table: so what?"),
            Said(
                "implication",
                2,
                "Give them the fact and three sentences that could follow it, and let them choose and say why.",
            ),
            Said("implication", 3, "Name a reader who does not believe them."),
        ),
    },
    doing=(
        Doing(
            "Play ‘so what?’ in pairs: one reads the fact, the other asks until there is an answer.",
            "students who set a fact down and move on",
            1,
            14,
        ),
        Doing(
            "Bring two drafts from after that lesson to our next look.",
            "",
            5,
            21,
        ),
    ),
)

HELD = (ATLAS, WONDER)
AHEAD = Look(
    protocol="atlas",
    labels="I",
    focus_question="How does this student put their own claim to the test?",
    purpose=Purpose.THINKING,
    presenter=3,
    timekeeper=2,
    recorder=4,
    minutes=50,
    days=14,
    norm=1,
)
