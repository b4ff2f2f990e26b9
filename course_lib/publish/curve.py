"""What the built notebook 03 reads its curve with; gone as soon as its new text, a draft still, is built."""

from course_lib.files import recorded


def read() -> dict:
    """The recorded runs of ``course record dcgan-curve``."""
    return recorded("dcgan-curve")
