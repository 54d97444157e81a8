"""Who works in the demo: districts, schools, teams, their norms, and why they meet. All invented."""

from dataclasses import dataclass

from home.demo.content import DistrictContent, Person, SchoolContent, TeamContent

PASSWORD = "look-closely-together"  # noqa: S105  (printed by `make run`; demo accounts exist only there)


@dataclass(frozen=True)
class Purpose:
    """Why a team meets: a key, the words on screen and one sentence more."""

    key: str
    title: str
    sentence: str


PURPOSES = (
    Purpose("calibrate", "Calibrate proficiency", "Agree on what proficient work looks like."),
    Purpose(
        "align-assessment", "Align local and classroom assessment", "See whether our marks and our rubric say the same."
    ),
    Purpose("align-standard", "Align teaching to a standard", "Hold task, lesson and work against one standard."),
    Purpose("understand", "Understand student thinking", "Find out what students think before deciding what to do."),
    Purpose("improve-task", "Improve a task", "Look at what the task asked for and what it got."),
    Purpose("plan", "Plan next instruction", "Decide what the next lessons do for whom."),
    Purpose("equity", "Look at equity across groups", "Ask whose work is on the table and what they were offered."),
    Purpose("follow-up", "Follow up on earlier next steps", "Look at what came back."),
    Purpose("reflect", "Reflect on our practice", "Ask what we do by habit."),
)

ROLES = ("facilitator", "presenter", "timekeeper", "recorder", "participant")

ALDER_SEVEN = TeamContent(
    name="Grade 7 ELA",
    task="lunch",
    norms=(
        "Describe before you judge.",
        "Point to the page.",
        "Everyone speaks before anyone speaks twice.",
        "The student did this on purpose: find the purpose.",
        "Start and end on time.",
    ),
    people=(
        Person("Rosa Medina", "facilitator@demo.example"),
        Person("Maya Ellis", "teacher1@demo.example"),
        Person("David Kim", "teacher2@demo.example"),
        Person("Aisha Noor", "teacher3@demo.example"),
        Person("Tom Weller", "teacher4@demo.example"),
        Person("Lena Petrova", "teacher5@demo.example"),
        Person("Jun Sato", "teacher6@demo.example"),
    ),
)

ALDER_FIVE = TeamContent(
    name="Grade 5 mathematics",
    task="brownies",
    norms=(
        "Do the task ourselves first.",
        "Say what you see, then what you think.",
        "A mistake is a thought: ask which one.",
        "Leave room for those who think slowly.",
        "What is said about a student's work stays here.",
    ),
    people=(
        Person("Ngozi Abara"),
        Person("Peter Lindqvist"),
        Person("Carmen Ibarra"),
        Person("Samuel Two Rivers"),
        Person("Hana Kowalski"),
        Person("Derek Osei"),
    ),
)

HAWTHORN_FIVE = TeamContent(
    name="Grade 5 team",
    task="brownies",
    norms=(
        "Ask before you explain.",
        "Nobody defends, nobody attacks.",
        "We can disagree and keep both reasons.",
        "One of us watches the clock so that the rest can look.",
    ),
    people=(
        Person("Ruth Feldman"),
        Person("Amir Haddad"),
        Person("Grace Nakamura"),
        Person("Oliver Banda"),
    ),
)

ELSEWHERE_SEVEN = TeamContent(
    name="Grade 7 humanities",
    task="lunch",
    norms=(
        "Stay with the work.",
        "Be hard on ideas and soft on people.",
        "Listen to understand, not to answer.",
        "Every session ends with a next step.",
    ),
    people=(
        Person("Iris Halloran", "stranger@elsewhere.example"),
        Person("Marcus Bello"),
        Person("Sofia Lindgren"),
        Person("Kwame Boateng"),
        Person("Priya Raman"),
    ),
)

DISTRICTS = (
    DistrictContent(
        "Three Rivers District",
        (
            SchoolContent(
                "Alder Creek School",
                (Person("Helen Okafor", "admin@demo.example"),),
                (ALDER_SEVEN, ALDER_FIVE),
            ),
            SchoolContent("Hawthorn Hill School", (Person("Victor Salas"),), (HAWTHORN_FIVE,)),
        ),
        administrators=(Person("Nadia Brooks", "district@demo.example"),),
    ),
    DistrictContent(
        "Saltmarsh Coast District",
        (SchoolContent("Saltmarsh School", (Person("Joan Whitaker"),), (ELSEWHERE_SEVEN,)),),
    ),
)

TEAMS = tuple(team for district in DISTRICTS for school in district.schools for team in school.teams)
