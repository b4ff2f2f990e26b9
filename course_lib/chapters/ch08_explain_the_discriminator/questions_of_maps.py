"""The questions of lessons 08.1 and 08.2: what D knows, nine maps, what or where."""

from course_lib.learn.questions import Prediction, Question, Quiz

MAPS: list[Question] = [
    Prediction(
        "08.1",
        "right",
        "D has trained for 500 steps. It gets 1,000 new real digits and 1,000 drawings of its own G. How often is it "
        "right?",
        ("nearly always", "in about three quarters", "in about half of the cases"),
        right="in about half of the cases",
        answer="In about half of the cases. “Nearly always” is natural: D was trained for just this. But G was trained "
        "against it at the same time. While both learn, D's mean logit wanders farther than digits and drawings are "
        "apart, so the cut at 0 says little.",
    ),
    Prediction(
        "08.1",
        "alike",
        "Nine methods, the same drawings, the same D. Which two maps will order the picture's pixels alike (a rank "
        "correlation of at least 0.7; 1 is the same order)?",
        ("gradient and Grad-CAM", "LIME and Shapley values", "neither pair: each method asks something else"),
        right="LIME and Shapley values",
        answer="LIME and Shapley values. They do ask different questions, so “neither” is a good thought. But both "
        "replace whole squares by those of a real digit, and look for a sum over squares. For at least half of the "
        "drawings this D is close to such a sum.",
    ),
    Prediction(
        "08.1",
        "infill",
        "With black infill the gradient beats all three controls. And when other digits take the pixels' place?",
        ("it beats them by as much", "it beats them by less", "it loses to one of them at least"),
        right="it loses to one of them at least",
        answer="It loses, to Sobel for one. One expects a good map to be good whatever takes the pixels' place. But "
        "the infill is half of the question: “what if this were black?” is not “what if it were as in another digit?”",
    ),
    Quiz(
        "08.1",
        "auc",
        "A discriminator has the AUC 0.1 for digits above drawings. What does it know?",
        {
            "nothing: 0.1 is worse than guessing": "No: guessing is ½. Who is wrong in nine of ten pairs knows the "
            "difference, and has the sign turned.",
            "a lot, with the order turned round": "Yes: it tells the two kinds apart and finds drawings the more real.",
            "one digit in ten, and no drawings": "No: the AUC counts pairs, not pictures. It is no share of right "
            "answers.",
        },
        right="a lot, with the order turned round",
    ),
    Quiz(
        "08.1",
        "sign",
        "Two maps of one picture, by one method and of the same D, are alike, but red and blue are swapped. What is "
        "likely?",
        {
            "one of the two has a mistake in it": "No: both can be right. Red means “for the target”, and there are "
            "two targets here.",
            "one explains the logit, the other fakeness": "Yes: one target is minus the other, so every sign turns.",
            "D has changed its mind in between": "No: explaining trains nothing. The same D gives the same logit.",
        },
        right="one explains the logit, the other fakeness",
    ),
    Quiz(
        "08.1",
        "coin",
        "In a game D is right in 50 % of cases. What do you do before you explain one of its logits?",
        {
            "measure what it knows: order, more steps": "Yes: the cut at 0 says little; pairs, and a few steps alone, "
            "say more.",
            "nothing: at 50 % the game has ended well": "No: the best possible players end at 50 %, but others stand "
            "there, too. In the five games more than half of the drawings were unreadable for the judge.",
            "choose a method that works for weak models": "No: every method draws a map of every model. None can put "
            "knowledge into it.",
        },
        right="measure what it knows: order, more steps",
    ),
    Prediction(
        "08.2",
        "finds",
        "All fakes carry the mark in one corner. Which of these maps will find the corner (AUC at least 0.9)?",
        ("the gradient only", "Grad-CAM only", "both of them", "neither of them"),
        right="Grad-CAM only",
        answer="Grad-CAM only. The gradient seems the more exact of the two: it has a number for each pixel, and "
        "Grad-CAM has a coarse cloud. But the gradient says what brighter pixels *would* do, in the corner or "
        "elsewhere.",
    ),
    Prediction(
        "08.2",
        "moved",
        "The mark is moved to the opposite corner, (21, 21), where D never saw it. What is left of its effect on the "
        "fakeness?",
        ("nothing: D has learned the place", "a part of it", "all of it: D has learned the mark"),
        right="a part of it",
        answer="A part. D did learn what the mark looks like: its windows are the same everywhere, and the head "
        "averages over places. At (3, 2), two pixels down and one to the right of where it was, nothing is left.",
    ),
    Prediction(
        "08.2",
        "both_marks",
        "The mark speaks for fake in the upper left corner, and for real in the lower right one. A picture has both. "
        "How does Grad-CAM at the first maps of a D with a flattened head paint them?",
        ("both in one colour", "upper left red, lower right blue", "upper left blue, lower right red"),
        right="both in one colour",
        answer="Both in one colour, here red. The truth is red and blue, and D answers by it. But Grad-CAM multiplies "
        "each map with *one* mean slope, and the maps look alike at both marks.",
    ),
    Quiz(
        "08.2",
        "twins",
        "A map of a planted mark has an AUC of 0.85. The same method on five untrained twins gets 0.80 to 0.88. So?",
        {
            "the map is good, and so are the twins": "No: the twins have learned nothing, so they cannot know of the "
            "mark.",
            "0.85 does not show what D has learned": "Yes: the method gets as much out of the picture and the "
            "network's build alone.",
            "the twins have learned the mark, too": "No: their weights are random, and they were never trained.",
        },
        right="0.85 does not show what D has learned",
    ),
    Quiz(
        "08.2",
        "gradient",
        "The gradient's map had red dots all over the picture. What is the best reading?",
        {
            "it is noise: the gradient has failed": "No: the dots form the lattice of the mark. Noise has no lattice.",
            "D looks at the whole picture at once": "No: D used the corner. A slope says what a change *would* do, "
            "not what was used.",
            "such dots would look fake elsewhere, too": "Yes: it says what a change would do. Moved along the lattice, "
            "the mark indeed kept some effect.",
        },
        right="such dots would look fake elsewhere, too",
    ),
    Quiz(
        "08.2",
        "pooled",
        "When do Grad-CAM and HiResCAM give the same map at the last layer of maps?",
        {
            "when the head averages over places": "Yes: then all slopes of a map are equal, and their mean is each "
            "of them.",
            "when nothing is cut off at zero": "No: signed or not, the two differ where the slopes of one map differ.",
            "when the picture has only one mark": "No: the two methods differ in how slopes are used, whatever the "
            "picture shows.",
        },
        right="when the head averages over places",
    ),
]
