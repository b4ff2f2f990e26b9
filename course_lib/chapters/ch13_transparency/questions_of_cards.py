"""The questions of lesson 13.1: a range and what it speaks of, gaps, and a lie in a valid form."""

from course_lib.learn.questions import Prediction, Question, Quiz

CARDS: list[Question] = [
    Prediction(
        "13.1",
        "inside",
        "Ten trainings of this recipe, with other seeds: how many have a distance within the range of the five draws?",
        right=(0, 5),
        answer="At most a few. The range is about one wide or less, and the trainings spread over several: luck of "
        "training is larger here than luck of drawing. (A few may fall into it all the same.)",
        unit="trainings",
    ),
    Prediction(
        "13.1",
        "holes",
        "How many places of the hub's template still say “More Information Needed”?",
        right=(30, 45),
        answer="Nearly forty. A form alone makes nobody say anything.",
        unit="places",
    ),
    Prediction(
        "13.1",
        "lie",
        "Somebody writes a distance of 4.1 into the document, which nobody measured. What does the schema say?",
        ("It refuses the number", "It accepts the document", "It warns"),
        right="It accepts the document",
        answer="It knows that a value is a text, and not where the text came from.",
    ),
    Quiz(
        "13.1",
        "typed",
        "Which part of a card can no record of the training fill in?",
        {
            "The hash of the training data": "It is computed from the pixels that were loaded.",
            "What the model must not be used for": "Yes. Only a person can say it, and answer for it.",
            "Which classes are rare among the samples": "A judge counts them. (How well it reads is another question.)",
        },
        right="What the model must not be used for",
    ),
    Quiz(
        "13.1",
        "range",
        "A card says: Fréchet distance 47.2 (46.4 to 48.0), five draws. You train from another seed and get 50. What "
        "follows?",
        {
            "The card is wrong": "Its range speaks of its own weights. Other trainings of the recipe spread further.",
            "You made a mistake": "Not necessarily: another seed is another training.",
            "Nothing yet: train some more": "Yes. Ten trainings of our recipe differ by several units.",
        },
        right="Nothing yet: train some more",
    ),
    Quiz(
        "13.1",
        "schema",
        "A bill of materials is valid by its schema. What do you know?",
        {
            "That a program can read it": "Yes: its entries have the names and kinds that the standard asks for.",
            "That its numbers were measured": "A made-up distance was accepted.",
            "That nothing is missing": "Most entries are optional: a nearly empty document is valid, too.",
        },
        right="That a program can read it",
    ),
]
