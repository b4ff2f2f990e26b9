"""Chapter 12: Can explanations improve a GAN?"""

TITLE = "Can explanations improve a GAN?"
QUESTION = "Does a generator learn better when it is told why it was caught?"
