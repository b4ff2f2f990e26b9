"""The quizzes of chapter 02, three questions a lesson; each wrong option is an idea that learners have."""

from course_lib.learn.questions import Quiz

QUIZZES = [
    Quiz(
        "02.1",
        "what_moves",
        "In its own turn, what can the generator change in the price of a pair?",
        {
            "r and f, the logits of both pictures": "No: r comes from a real picture and from D's weights, and "
            "neither moves in G's turn.",
            "f, by drawing another picture": "Yes: it draws another picture, and D, held still, gives that one "
            "another logit.",
            "f, by changing the discriminator": "No: that is how D lowers *its* price. In G's turn D's weights "
            "stand still.",
        },
        right="f, by drawing another picture",
    ),
    Quiz(
        "02.1",
        "which_game",
        "A program's discriminator minimises `relu(1 - r).mean() + relu(1 + f).mean()`, its generator `-f.mean()`. "
        "Which game does it play?",
        {
            "Wasserstein: the generator pays −f": "No: the hinge game's generator pays −f, too. Look at the "
            "discriminator's line.",
            "minimax: the generator's loss has a minus": "No: minimax's generator pays −softplus(f), which is minus "
            "BCE with the label 0. Here nothing becomes flat for a low f.",
            "hinge": "Yes: relu charges nothing for a real score above 1 or a fake one below −1. The generator's −f "
            "alone would also fit Wasserstein.",
        },
        right="hinge",
    ),
    Quiz(
        "02.1",
        "two_slopes",
        "Minimax and the non-saturating loss both want a higher f. What is different?",
        {
            "how hard they pull at a given f": "Yes: by D and by 1 − D. Where D is near 0, the first is "
            "nearly 0 and the second nearly 1.",
            "the discriminator's loss": "No: it is the same one. The two differ in the generator's price only.",
            "the direction of the pull": "No: both slopes are negative everywhere, −D and −(1 − D).",
        },
        right="how hard they pull at a given f",
    ),
    Quiz(
        "02.2",
        "cause",
        "A generator with the minimax loss gets hardly any gradient from a sure D. What brings it back at once?",
        {
            "a larger step size for the generator": "No: the gradient falls by powers of ten while D learns, "
            "so no one factor fits (and it would be far too large as soon as D is less sure). Adam rescales, too, but "
            "for all pictures alike: those that D is surest about still count least.",
            "fewer layers in the generator": "No: the other loss sent its gradient through the same layers, and "
            "it did not vanish.",
            "the non-saturating loss": "Yes: before the same D its slope is −(1 − D), close to −1.",
        },
        right="the non-saturating loss",
    ),
    Quiz(
        "02.2",
        "rising",
        "While G and D train, the generator's loss rises. What follows for its pictures?",
        {
            "they got worse": "No: in this lesson the loss rose more than fivefold for the very same pictures.",
            "nothing: D may have become better": "Yes: the loss is the opinion of a discriminator that changes, too.",
            "they got better": "No: a rising loss is no proof of that either. Look at the pictures, or measure them.",
        },
        right="nothing: D may have become better",
    ),
    Quiz(
        "02.2",
        "symptom",
        "Which report makes you look for a second sigmoid?",
        {
            "D's loss stays at 1.01, and D is right about everything": "Yes: with one sigmoid a D that is always "
            "right and sure pays almost nothing.",
            "D's loss stays at 1.39, and D is right about half": "No: that is 2 log 2, the price of answering ½ "
            "each time. D has learned nothing, or G is very good.",
            "an error about a value outside 0 … 1": "No: a probability is a valid logit, so nothing is refused.",
        },
        right="D's loss stays at 1.01, and D is right about everything",
    ),
    Quiz(
        "02.3",
        "equal",
        "At some place p = q. What is the best least-squares score there, with the targets 1 and 0?",
        {
            "0": "No: that is log(p/q), the standard loss's score. Least squares learns p/(p + q).",
            "½": "Yes: p/(p + q), half-way between the two targets.",
            "1": "No: 1 is the target for real data, reached only where nothing is drawn.",
        },
        right="½",
    ),
    Quiz(
        "02.3",
        "no_best",
        "Why does the Wasserstein loss have no best score without a limit?",
        {
            "its price is a straight line in the score": "Yes: a straight line has no lowest point, so further is "
            "always better.",
            "any constant may be added to it": "No: that holds for the relativistic loss, too, and its *differences* "
            "settle.",
            "the optimiser's steps were too small": "No: smaller steps only delay it; twice the steps went twice "
            "as far.",
        },
        right="its price is a straight line in the score",
    ),
    Quiz(
        "02.3",
        "flat",
        "A drawn point lies where D's score is flat. Which loss for the generator pushes it all the same?",
        {
            "the non-saturating one": "No: its slope by the logit may be near −1, but it is multiplied by D's "
            "slope, which is 0 there.",
            "least squares": "No: the distance to the target may be large, but it is multiplied by D's slope, "
            "which is 0.",
            "none of them": "Yes: every push is a product, and one factor is D's own slope. So D has to have one.",
        },
        right="none of them",
    ),
    Quiz(
        "02.4",
        "wants",
        "Which size of D's slope costs least under R1 alone, and which under WGAN-GP's penalty alone?",
        {
            "R1: 0, WGAN-GP: 1": "Yes: R1 charges for every slope, WGAN-GP for any difference from 1.",
            "both: 1": "No: R1 charges γ/2 times the squared slope itself, which is least at 0.",
            "both: 0": "No: WGAN-GP charges γ for a slope of 0, because it differs from 1.",
        },
        right="R1: 0, WGAN-GP: 1",
    ),
    Quiz(
        "02.4",
        "clipping",
        "What does clipping each weight to ±0.01 limit?",
        {
            "D's slope, to 0.01": "No: the slope multiplies weights over the layers and adds up over the units; a "
            "limit on it depends on how many there are.",
            "the weights, and through them the slope": "Yes: directly the weights. Which slope is left depends on "
            "the network: here less than 0.05.",
            "the score, to values from −0.01 to 0.01": "No: ±0.01 limits a weight. The score is limited only through "
            "the weights, and by another number, as the slope is.",
        },
        right="the weights, and through them the slope",
    ),
    Quiz(
        "02.4",
        "steep_good",
        "The non-saturating gradient of lesson 2.2 grew to about a hundred times its length while D learned. Good "
        "news?",
        {
            "yes: a longer gradient teaches faster": "No: its length says how steep D is, not how good the "
            "direction is.",
            "not by itself: D's logit became far steeper": "Yes: the price's own slope about doubled. Most of "
            "the rest is D's slope, and that is what a penalty charges for.",
            "no: it shows a mistake in the program": "No: it is what a D does that becomes sure without a penalty.",
        },
        right="not by itself: D's logit became far steeper",
    ),
    Quiz(
        "02.5",
        "game",
        "What shows, before any training, that two losses make no game?",
        {
            "the two losses are not equal and opposite": "No: most good losses are not. Non-saturating players "
            "are opposed without being zero-sum.",
            "the slopes by f never have opposite signs": "Yes: then no drawn picture's logit is pulled up by one "
            "player and down by the other.",
            "the slopes agree at some logits": "No: least squares agrees at most of our logits. It is opposed between "
            "its two targets, which is enough.",
        },
        right="the slopes by f never have opposite signs",
    ),
    Quiz(
        "02.5",
        "accuracy",
        "A discriminator is right about 100 % of fresh pictures, real and generated. What does that say about its "
        "generator?",
        {
            "by itself little: look at the pictures": "Yes: a good D, a bad G, or a G that helps D, as in A2, all "
            "look like this.",
            "it is being taught very well": "No: a D that is sure may send hardly any slope (2.2), or G may be "
            "helping it (A2).",
            "D has memorised the training data": "No: here D was asked about fresh points.",
        },
        right="by itself little: look at the pictures",
    ),
    Quiz(
        "02.5",
        "bce",
        "An article says: “the GAN's loss is BCE”. What is missing?",
        {
            "nothing: BCE is the minimax loss": "No: with the label 1 for drawn pictures it is the non-saturating "
            "loss.",
            "which optimiser minimises it": "No: that matters for training, but it does not change which loss it is.",
            "which label G's turn gives its pictures": "Yes: label 1 is the non-saturating loss, minus BCE with "
            "label 0 the minimax loss.",
        },
        right="which label G's turn gives its pictures",
    ),
]
