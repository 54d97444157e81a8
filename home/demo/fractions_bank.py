"""What teams say about 'Brownie pans': reasons, notes, agreements and next steps, in our own words."""

from home.demo.content import Bank, NextStepText, Split

RATIONALES = {
    "representing": {
        1: (
            "I count as many pieces as the numbers say, in all sizes, {where}.",
            "The drawing shows how many, not how much, {where}.",
            "Pieces at the edge are half the size of those in the middle, {where}.",
            "Three is drawn and five is drawn; four and eight I cannot find, {where}.",
        ),
        2: (
            "Equal pieces in each, but the pans are not the same size, {where}.",
            "Each drawing is right by itself; side by side they mislead, {where}.",
            "One pan is long and one is square: we cannot compare by looking, {where}.",
            "Good cuts. The wholes do not match, {where}.",
        ),
        3: (
            "Same length, equal pieces: the eye can compare, {where}.",
            "I could lay one over the other, {where}.",
            "Careful cuts and the same whole both times, {where}.",
            "The drawing alone would convince me, {where}.",
        ),
        4: (
            "Both pans in pieces of one size: the drawing already is the common denominator, {where}.",
            "Two kinds of drawing that say the same thing, {where}.",
            "You can count the difference in the picture, {where}.",
            "The way of cutting was chosen for a reason, {where}.",
        ),
    },
    "comparing": {
        1: (
            "Five is more than three, and that settles it here, {where}.",
            "Looks at the bottom numbers only, {where}.",
            "Compares whole numbers and not yet fractions, {where}.",
            "The size of the pieces plays no part, {where}.",
        ),
        2: (
            "Decides by the picture, and the picture decides, {where}.",
            "One missing against three missing: a start, though the pieces differ, {where}.",
            "‘It looks bigger’ is the reason, {where}.",
            "Right table, for a reason that would fail with other numbers, {where}.",
        ),
        3: (
            "Makes the pieces the same size first and says so, {where}.",
            "Six eighths against five eighths: one unit, {where}.",
            "Uses a landmark that both can be held against, {where}.",
            "Would work for any two fractions, {where}.",
        ),
        4: (
            "Two ways that do not need each other, {where}.",
            "Says by how much: one eighth, {where}.",
            "Compares what was eaten and also what was left, {where}.",
            "Chooses the easier way, and knows why it is easier, {where}.",
        ),
    },
    "computing": {
        1: (
            "Tops added, bottoms added, {where}.",
            "Twelve is four and eight put together, {where}.",
            "Adds as if there were four numbers and not two fractions, {where}.",
            "The total is less than one of the parts, and that passes by, {where}.",
        ),
        2: (
            "Finds six eighths, then the bottoms are added after all, {where}.",
            "Renames, and there it stops, {where}.",
            "Joins the pieces; eight of what, {where}?",
            "Eleven is right; what the eleven are got lost on the way, {where}.",
        ),
        3: (
            "Six eighths and five eighths are eleven eighths, unit kept, {where}.",
            "Another way than the one we taught, and it holds, {where}.",
            "Gets to one and three eighths and could get there again, {where}.",
            "Renames first, adds second, {where}.",
        ),
        4: (
            "Finds the total and then tests it from the other side, {where}.",
            "Checks with the pieces that were left, {where}.",
            "The estimate comes before the total and is used, {where}.",
            "Two roads to one number, {where}.",
        ),
    },
    "communicating": {
        1: (
            "An answer, and I do not see where it came from, {where}.",
            "I would have to ask: show me how, {where}.",
            "No label on the drawing, {where}.",
            "Right or not, I cannot tell why, {where}.",
        ),
        2: (
            "Part (a) I can follow; for (c) there is only a no, {where}.",
            "A picture stands by the answer without a word between them, {where}.",
            "Numbers in order, reasons missing, {where}.",
            "Some labels; I filled in the rest myself, {where}.",
        ),
        3: (
            "A classmate could follow this without asking, {where}.",
            "Picture, numbers and words point to one another, {where}.",
            "Says why the friend's answer is too small, {where}.",
            "Each part has its ‘because’, {where}.",
        ),
        4: (
            "Says what the friend was thinking before saying why not, {where}.",
            "Gives an example that the friend could try, {where}.",
            "Explains the mistake from the inside, {where}.",
            "I would use this explanation in class, {where}.",
        ),
    },
}

CONSENSUS = {
    "representing": {
        1: (
            "Pieces are counted, not measured. We would start with folding.",
            "We agreed that the number of pieces is right and that their size is not looked at yet.",
        ),
        2: (
            "Equal pieces, unequal pans. That is exactly our 2.",
            "Each pan is right by itself; the question needs them side by side.",
        ),
        3: (
            "Same pans, equal pieces: we compared by looking, and it worked.",
            "Hand-drawn, a little off; we agreed that small slips of the hand are not unequal pieces.",
        ),
        4: (
            "The drawing already makes eighths of both. The computing is done in the picture.",
            "Bars and number line are matched to each other, so it goes past 3.",
        ),
    },
    "comparing": {
        1: (
            "One number decides. We want to hear this student say what the 8 means.",
            "We agreed: no sign yet that pieces have a size.",
        ),
        2: (
            "The right table, but by what is missing. It would fail for 3/4 and 7/8.",
            "The picture decides; we agreed that a reason would need to say what it shows.",
        ),
        3: (
            "Same-sized pieces, and it says so.",
            "Decimals are a common unit too. We agreed on 3.",
        ),
        4: (
            "Two ways that stand without each other.",
            "The landmark is half, the difference is named: beyond.",
        ),
    },
    "computing": {
        1: (
            "Tops and bottoms added, and the answer less than 3/4 does not trouble yet.",
            "We agreed on 1 and wrote the next step straight away: estimate first.",
        ),
        2: (
            "Renaming works; the total does not keep its unit.",
            "Six and five are there, side by side. One step from 3.",
        ),
        3: (
            "Eleven eighths, unit kept. The unsimplified start does not matter to us.",
            "Not our way, but it holds: the rule asks for same bottom numbers, and they are.",
        ),
        4: (
            "Checked by the leftovers: that is a second way and not the first one again.",
            "The estimate does the checking.",
        ),
    },
    "communicating": {
        1: (
            "Answers only. We do not know what was thought.",
            "A rule without words: right, and silent.",
        ),
        2: (
            "We can follow (a) and (b). In (c) the reason is left to us.",
            "Labels on some drawings; we agreed on 2 because two of three parts need us to guess.",
        ),
        3: (
            "Every part can be followed. We tried it on a colleague who had not seen the task.",
            "Words are few and enough.",
        ),
        4: (
            "Speaks to the friend and not about the friend, and finds the thought behind 8/12.",
            "‘I did that first too’ explains more than a correct rule.",
        ),
    },
}

NOTES = {
    "observation": (
        "The second bar is longer than the first by about a third.",
        "There are pencil marks under the pieces: they were counted with a finger or a pencil.",
        "The answer to (b) is in a box; the answer to (a) is not.",
        "8/12 is written, crossed out, and something else stands beside it.",
        "The circles are cut from side to side, not from the middle.",
        "Part (c) is one word.",
        "Shading goes from left to right and stops at a line each time.",
        "The number line starts at 0 and goes on past 1.",
        "The word ‘because’ is in (a) and in (c), not in (b).",
    ),
    "evidence": (
        "‘Table 2 ate more because 8 is biger than 4’.",
        "‘3/4 is only 1 away from whole’ and ‘5/8 is 3 away’.",
        "‘6/8 + 5/8 = 11/16’: renamed first, bottoms added after.",
        "‘The bottom is not how many, it is what size the pieces are.’",
        "‘Take 2 from Table 2 to fill up the pan.’",
        "‘No, look at my line.’",
        "‘I did that first too!’ and then a reason.",
        "‘Table 1 alone ate 0.75 and that is already more than 0.67’.",
    ),
    "interpretation": (
        "I think this student sees a fraction as two numbers that live one above the other.",
        "‘Away from whole’ is a good idea that needs the size of the pieces.",
        "The drawing may be made for us: the deciding was done in numbers.",
        "Perhaps equal pans were clear to the student and only the pencil made them different.",
        "The rule was learned somewhere else; it is right and it is alone.",
        "Adding the bottoms may come from counting all the pieces on the table.",
        "I think the student trusts pictures more than numbers, so the pictures must be good ones.",
        "The estimate is not a habit yet: 8/12 less than 3/4 did not ring a bell.",
    ),
    "clarifying": (
        "Was squared paper on the table, and who took it?",
        "Did ‘in two ways’ mean two drawings to them, or two reasons?",
        "Had they added fractions with unlike denominators before this?",
        "How even must a hand-drawn piece be for us to call it equal?",
        "Do decimals count as a common unit in our rubric?",
        "Were the paper strips in reach while they worked?",
        "If the total is right and the way is missing, what do we score?",
        "Did anyone read the task aloud to the class?",
    ),
    "plus": (
        "We did the task ourselves first, and two of us drew unequal pans.",
        "Looking at drawings before numbers changed how I read sample E.",
        "We agreed quickly where the descriptor names what to look for.",
        "Four criteria kept right answers and good reasons apart.",
        "Hearing someone defend the gap idea helped me see what is right in it.",
        "Timekeeping was kind and firm.",
        "The split on Communicating gave us a next step that I will use tomorrow.",
        "Nobody said ‘careless’ once.",
    ),
    "delta": (
        "Say in the task that the pans are the same size twice: in words and with two printed pans.",
        "‘Two ways’ needs an example, or it means two drawings.",
        "Our 2 in Computing holds two different things. Split it?",
        "More time for sample D, less for C.",
        "Next time, samples from two classes.",
        "Let us put the rubric on paper too; I kept losing my place.",
        "We talked about the student's year before we had described the page.",
        "Choose one sample where the answer is right and the reason is not.",
    ),
    "implication": (
        "Estimate before adding: more than one pan, or less?",
        "Print two empty pans of the same size for those who need them.",
        "Fold strips again, and name the piece every time: six eighths, not six.",
        "Put ‘1 away’ next to 7/8 and 3/4 and let them argue.",
        "Ask ‘eight of what?’ until they ask it themselves.",
        "Let sample M's sentence open tomorrow's lesson.",
        "Pair a strong drawing with a strong rule and let the two explain each other.",
        "Number lines that go past 1, from now on.",
    ),
}

SPLITS = (
    Split(
        "comparing",
        2,
        3,
        "Counts missing pieces without their size: it only happens to work here.",
        "One piece of four is a bigger gap than it looks; ‘closer to whole’ is a landmark.",
    ),
    Split(
        "representing",
        2,
        3,
        "The second pan is taller. The task says the same size, and the eye is misled.",
        "The student says the pans are equal, and nothing is decided by the drawing.",
    ),
    Split(
        "communicating",
        1,
        2,
        "‘No its wrong’ gives no reason, and the numbers are not explained.",
        "The products are written out in order. A classmate who knows the rule could follow.",
    ),
    Split(
        "computing",
        2,
        3,
        "11/16: the bottoms were added, so the eighths are lost.",
        "Renaming was the hard part and it is done; one slip at the end.",
    ),
    Split(
        "representing",
        3,
        4,
        "A clean drawing for each pan. The number line is only copied from it.",
        "The same amounts are found again on the line, and the two are matched.",
    ),
)

NEXT_STEPS = (
    NextStepText(
        "Before adding, everyone writes: more than one pan or less?",
        "students who add tops and bottoms",
        "the estimate beside the sum, for one week",
        "Twelve of fourteen now estimate. Eight found their own 8/12 and changed it.",
    ),
    NextStepText(
        "Give two printed pans of one size and ask for the same cuts in both.",
        "students whose pans differ in size",
        "drawings from Thursday's task",
        "All drew equal wholes with the printed pans; without them, five of seven.",
    ),
    NextStepText(
        "Fold strips in quarters, then each quarter in half, and say the piece's name aloud.",
        "students who decide by one number",
        "a two-minute talk with each",
        "Four can say why 8 makes the pieces smaller. Two need the strips in hand.",
    ),
    NextStepText(
        "Put 3/4 against 7/8 for the ones who count missing pieces.",
        "group ‘one away’",
        "their answer and their reason on a slip",
        "They argued for ten minutes and found it themselves: the size of the gap.",
    ),
    NextStepText(
        "Ask for the sentence that goes with the rule: what are the 24 and the 20?",
        "students with a rule and no words",
        "one sentence under the sum",
        "One wrote ‘they are thirty-seconds’. The other asked for smaller numbers.",
    ),
    NextStepText(
        "Write to the friend in (c): what were you thinking, and where does it stop?",
        "everyone in grade 5",
        "the letters, read in pairs",
        "The letters were the best work of the unit. We keep six as examples.",
    ),
    NextStepText(
        "Change the task: two printed pans, and an example of ‘two ways’.",
        "next year's grade 5",
        "how many give two reasons on the first try",
        "Changed and tried in one class: two reasons from most, and fewer questions.",
    ),
    NextStepText(
        "Find three pairs of fractions where leftovers are the quickest way.",
        "students who are beyond",
        "their pairs, tried by a classmate",
        "Three found a rule for their pairs. One pair did not work, and that was the best talk.",
    ),
)

FOCUS_QUESTIONS = (
    "What do these drawings show about how students see the whole?",
    "When is a right answer a sign of understanding, and when only of a rule?",
    "What is good in the thinking behind 8/12?",
    "How even does a hand-drawn piece have to be?",
    "What would move a student from deciding by looking to deciding by size?",
    "Where do words, numbers and drawings help one another, and where do they stand alone?",
    "Which students know how big the answer will be before they work it out?",
    "Does ‘show in two ways’ ask for two drawings or for two reasons?",
    "What do our own ways of drawing fractions teach without our noticing?",
    "What does a crossed-out answer tell us about the thinking before it?",
    "When does a picture prove something, and when does it only go with the answer?",
    "Which mistakes come from the numbers, and which from the whole?",
)

SESSION_TITLES = (
    "Grade 5 mathematics: first look",
    "Grade 5 mathematics: drawings",
    "Grade 5 mathematics: adding eighths",
    "Grade 5 mathematics: end of unit",
    "Grade 5 mathematics: what came back",
)

BANK = Bank(
    rationales=RATIONALES,
    consensus=CONSENSUS,
    notes=NOTES,
    splits=SPLITS,
    next_steps=NEXT_STEPS,
    focus_questions=FOCUS_QUESTIONS,
    session_titles=SESSION_TITLES,
)
