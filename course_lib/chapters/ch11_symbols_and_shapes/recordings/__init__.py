"""The recorded runs of this chapter: a script each, run by `course record NAME`."""
