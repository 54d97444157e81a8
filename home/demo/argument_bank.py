"""What teams say about 'Longer lunch': reasons, notes, agreements and next steps, in our own words."""

from home.demo.content import Bank, NextStepText, Split

RATIONALES = {
    "claim": {
        1: (
            "I could not underline a sentence that takes a side, {where}.",
            "We hear what lunch is like; what should change is for us to guess, {where}.",
            "A subject more than a side so far, {where}.",
            "I would have to ask the writer: so are you for it or against it, {where}?",
        ),
        2: (
            "Says yes or no plainly, and nobody who disagrees comes in, {where}.",
            "The side is stated, {where}; further down it is no longer at work.",
            "One sentence takes a side. The other view is named at most, not answered, {where}.",
            "I know where the writer stands, {where}, but not why someone might stand elsewhere.",
        ),
        3: (
            "Takes a side and answers the other one, {where}.",
            "The same side at the start and at the end, with an objection met on the way, {where}.",
            "Lets a doubter speak and replies to exactly that doubt, {where}.",
            "Clear what the council is asked to do, and the lost lessons are dealt with, {where}.",
        ),
        4: (
            "Says for whom and when it holds, {where}: that is more than yes or no.",
            "Grants the other side something real and keeps the claim, {where}.",
            "A claim with a condition, {where}. The writer could say what would change their mind.",
            "Names the price and still asks for it, {where}.",
        ),
    },
    "evidence": {
        1: (
            "What is told comes from the writer's own day, {where}; the article is not used.",
            "I looked for a number or a line from the text and found experience, {where}.",
            "Convincing to a friend at the same table, but all from memory, {where}.",
            "Opinion carries it, {where}.",
        ),
        2: (
            "Quotes, then says the quotation again in other words, {where}.",
            "The fact is there, {where}, and the next sentence is about something else.",
            "Right fact, right place; I have to do the explaining myself, {where}.",
            "A quotation stands between two sentences that would read the same without it, {where}.",
        ),
        3: (
            "Says what the number shows, {where}, in the writer's own words.",
            "‘This shows’ is followed by something that was not in the quotation, {where}.",
            "Turns the thrown-away food into a reason for more time, {where}.",
            "Without this fact the claim would not stand, and the writer says so, {where}.",
        ),
        4: (
            "Two facts that mean more together than alone, {where}.",
            "Sets one number against another and draws something new from it, {where}.",
            "Notices what the article does not say and uses that, {where}.",
            "Chooses the fact that the other side would use, and turns it, {where}.",
        ),
    },
    "reasoning": {
        1: (
            "The same reason in three wordings, {where}.",
            "One reason, and it comes back at the end, {where}.",
            "I find a feeling that is strong and a reason that is still on its way, {where}.",
            "The text's order is followed; the writer's own ‘because’ I do not find, {where}.",
        ),
        2: (
            "First, second, third: good reasons that do not need one another, {where}.",
            "Reasons in a list; I could change their order and lose nothing, {where}.",
            "Two reasons, both fair, with ‘also’ between them, {where}.",
            "Says why more than once, each time starting again, {where}.",
        ),
        3: (
            "I can follow it with my finger: because, so, which means, {where}.",
            "Line by line one step leads to the next, {where}.",
            "Turns the quotation into a cost for the school: that is reasoning from evidence, {where}.",
            "The answer to the objection uses the reason given before it, {where}.",
        ),
        4: (
            "Follows its own idea to where it hurts, {where}.",
            "The second reason only works because of the first, {where}.",
            "Thinks about what happens after the council says yes, {where}.",
            "Tests the claim instead of repeating it, {where}.",
        ),
    },
}

CONSENSUS = {
    "claim": {
        1: (
            "We agreed that we can guess the side but cannot point to it.",
            "A description of lunch; we would ask this writer to finish ‘The council should …’.",
        ),
        2: (
            "The side is said. We looked for an answer to the other view and found it named at most.",
            "Two of us had 3 for clearness; the descriptor asks for an objection that is met.",
        ),
        3: (
            "One side all the way, and the objection about lessons gets a real answer.",
            "We agreed once we had read the answer aloud: it replies to that objection and not to another.",
        ),
        4: (
            "The condition is what moved us from 3 to 4: it says when the claim holds.",
            "Grants the other side something true and is the stronger for it.",
        ),
    },
    "evidence": {
        1: (
            "All experience. Strong experience, but the text has not been opened.",
            "We found nothing that a reader could look up in the article.",
        ),
        2: (
            "The fact is in; what it proves is left to us.",
            "We covered the quotation with a hand: the paragraph read the same.",
        ),
        3: (
            "The sentence after the quotation says something new about it. That is our line between 2 and 3.",
            "We agreed that ‘this shows’ alone is not enough, and that here more than that is said.",
        ),
        4: (
            "Two facts are made to speak to each other; one alone would not have carried it.",
            "Weighs the line against the bins, which the article itself does not do.",
        ),
    },
    "reasoning": {
        1: (
            "One reason, felt strongly. We would ask: and what follows from that?",
            "Said three ways, it is still one reason.",
        ),
        2: (
            "A list of reasons: each one holds, none leads to the next.",
            "We agreed that ‘first, second, third’ orders the reasons but does not link them.",
        ),
        3: (
            "We could draw arrows from sentence to sentence, and every arrow held.",
            "‘So’ and ‘because’ do real work here.",
        ),
        4: (
            "It follows the consequence past the point where it is comfortable.",
            "The reasons stand on one another; take the first away and the rest falls.",
        ),
    },
}

NOTES = {
    "observation": (
        "The quotation marks open in line 3 and close three lines down.",
        "The word ‘because’ appears twice, both times near the end.",
        "The title asks a question and the first sentence answers it.",
        "There are five sentences before the article is mentioned.",
        "A word is put in above the line: the writer went back and read it again.",
        "The last paragraph is one sentence long.",
        "Numbers are written as figures, not as words, all the way through.",
        "The writer speaks to the council in the first line and to friends in the last.",
        "Three lines start with ‘Also’.",
    ),
    "evidence": (
        "‘Its the same food! So it was not the food it was the clok.’",
        "‘you are not a twenty minute eater at all, you are a ten minute eater’",
        "‘This shows that there is not enuf time’ comes straight after the quotation.",
        "‘That is the other side.’ And then the conclusion.",
        "‘All these quotes show that lunch should be longer.’",
        "‘So I think we should keep it how it is’, eleven lines after ‘lunch should be longer’.",
        "‘a long one and a short one’: the writer's own words for what the line does.",
        "‘If the food is still thrown away, then I am wrong’.",
    ),
    "interpretation": (
        "I think this writer knows that a quotation is wanted, and believes that the quotation is the proof.",
        "Perhaps the other side was added because the task asks for it.",
        "This student may be thinking aloud on paper, and changes their mind while writing.",
        "The spelling hides how good the thinking is; read aloud, it is the strongest of the three.",
        "I think ‘this shows’ has been learned as a phrase before it is learned as a move.",
        "The writer trusts the article more than themselves.",
        "Experience comes easily here; the text feels like somebody else's.",
        "It may be that the plan sheet asked for three reasons and the writer filled three boxes.",
    ),
    "clarifying": (
        "Did they have the article in front of them while they wrote?",
        "How long did they have, and was it a first draft?",
        "Had the class talked about how to answer an objection?",
        "Does ‘meets an objection’ need a reply, or is naming it enough?",
        "When a fact is retold without quotation marks, do we count it as evidence?",
        "Were they told who would read it?",
        "Is one well-explained fact enough for a 3, or do we want two?",
        "Did this group have the sentence starters on the wall?",
    ),
    "plus": (
        "Pointing to lines kept us with the work and away from guesses about the student.",
        "We settled the line between 2 and 3 in Evidence in one sentence.",
        "Scoring in silence first: I heard views that I would not have heard.",
        "Reading sample H aloud changed four scores.",
        "We finished all three samples and had time for next steps.",
        "The quietest of us pointed to the line that decided it.",
        "The split was a surprise, and it was useful.",
        "Everybody spoke before anybody spoke twice.",
    ),
    "delta": (
        "Read the descriptors for the neighbouring levels aloud before we score.",
        "Ten minutes for the two-page sample was tight.",
        "We drifted to what we would teach before we had agreed on what we saw.",
        "The task should say that the reply to the other side matters.",
        "Choose samples with less distance between them next time.",
        "We need a rule for facts that are retold without quotation marks.",
        "Start with the criterion that divides us; we were tired when we came to it.",
        "Bring the plan sheets too, so that we can see what was asked.",
    ),
    "implication": (
        "Before they write on, each pair says what the quotation proves.",
        "Teach the sentence after the quotation, not the quotation.",
        "Show two endings: one that names the other side and one that answers it.",
        "Let them argue it aloud first; the reasons were better in the discussion than on paper.",
        "Give the spelling its own lesson, and praise the thinking by name.",
        "Put the prompt's ‘explain what they show’ in the rubric's words.",
        "Try one text with two numbers that pull against each other.",
        "A second reading for whoever changed sides: which one do you believe?",
    ),
}

SPLITS = (
    Split(
        "evidence",
        2,
        3,
        "Quotes, then says the quotation again in other words: nothing new is said about it.",
        "‘Not enough time’ is not in the quotation. The writer drew it, and that is saying what it shows.",
    ),
    Split(
        "claim",
        2,
        3,
        "The other side is named and then left alone. Naming is not meeting.",
        "For a seventh grader, giving the other side a sentence of its own is the beginning of an answer.",
    ),
    Split(
        "reasoning",
        3,
        4,
        "Every step can be followed, but nothing is followed to its end.",
        "Line 10 turns the saved minutes into lost ones: that is a consequence taken to its end.",
    ),
    Split(
        "claim",
        1,
        2,
        "The last sentence praises the article. It does not take a side on lunch.",
        "‘It is true about lunch’ agrees with an article that wants more time: that is a side.",
    ),
    Split(
        "evidence",
        3,
        4,
        "Two facts are used, one after the other, each for its own reason.",
        "The second fact changes what the first one means; together they show where the time goes.",
    ),
)

NEXT_STEPS = (
    NextStepText(
        "Ask each pair to say what a quotation proves before they write on.",
        "group ‘quotes, does not explain’",
        "three paragraphs a pair, before and after",
        "Nine of eleven now write a sentence of their own after the quotation. Two still say it again in other words.",
    ),
    NextStepText(
        "Bring three revised paragraphs.",
        "the follow-up session",
        "the revised paragraphs beside the first drafts",
        "We looked at them together: in two of three the objection now gets an answer.",
    ),
    NextStepText(
        "Teach ‘name it, answer it’ with two model endings.",
        "everyone in grade 7",
        "the last paragraph of the next argument",
        "Sixteen of twenty-four answered the other side; before it was seven.",
    ),
    NextStepText(
        "Give back the piece with a question in place of a mark: and what follows from that?",
        "students with one reason in several wordings",
        "one added sentence",
        "Five added a consequence. One added the same reason again, and we talked.",
    ),
    NextStepText(
        "Let students argue aloud in fours before they write.",
        "students whose reasons stand in a list",
        "‘because’ and ‘so’ in the next draft",
        "The talk was lively and the drafts were longer; the links came only where someone had asked ‘so what?’.",
    ),
    NextStepText(
        "Reword the task: ‘Answer someone who sees it differently’ moves to its own line.",
        "next year's grade 7",
        "how many answer the other side on the first draft",
        "Reworded and tried in one class. Fewer asked what was meant.",
    ),
    NextStepText(
        "Read two pieces aloud without showing them, and talk about the thinking.",
        "students whose spelling hides their thinking",
        "what they write in the next piece when spelling is not marked",
        "Both wrote half a page more. One asked for the spelling list afterwards.",
    ),
    NextStepText(
        "Make a half-page of facts that pull against each other.",
        "students who are beyond",
        "a paragraph that weighs two facts",
        "Four of six weighed them; the others chose the one they liked.",
    ),
)

FOCUS_QUESTIONS = (
    "Where does evidence stop being a quotation and start being an argument?",
    "What does it look like when a student really meets the other side?",
    "What do we count as explaining a fact?",
    "How do we see strong thinking behind weak spelling?",
    "What is the smallest step from nearing to proficient in Reasoning?",
    "Does our task ask for what our rubric looks for?",
    "When is a list of reasons an argument?",
    "What did the students who are beyond do that we never taught?",
    "How much may a student borrow from the text before the words stop being theirs?",
    "Which reasons are the student’s own, and which are the text’s?",
    "How far does a tidy page sway how we score the thinking on it?",
    "What would we like to read next from each of these writers?",
    "When does an example become evidence?",
)

SESSION_TITLES = (
    "Grade 7 ELA: first drafts",
    "Grade 7 ELA: evidence",
    "Grade 7 ELA: the other side",
    "Grade 7 ELA: before the report cards",
    "Grade 7 ELA: revised paragraphs",
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
