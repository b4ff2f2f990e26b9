"""What a training leaves: the records of its steps, to be drawn."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever has records has imported the training
    from course_lib.training.records import Record


class History:
    """The records of a run, as lists: ``history["d_loss"]``.

    Attributes:
        interrupted: whether Ctrl-C ended the run.
    """

    def __init__(self) -> None:
        self._records: list[Record] = []
        self.interrupted = False

    def add(self, record: "Record") -> None:
        """Keep one more step.

        Args:
            record: that of the step after the last one.
        """
        self._records.append(record)

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, name: object) -> bool:
        return bool(self._records) and name in self._records[-1].as_dict()

    def __getitem__(self, name: str) -> list[float]:
        return [getattr(record, name) for record in self._records]

    def last(self, n: int = 100) -> dict[str, float]:
        """Means over the last steps: one step alone is too noisy to quote.

        Args:
            n: how many steps, where there are so many.

        Returns:
            Name of a number → its mean; empty before the first step.
        """
        tail = [record.as_dict() for record in self._records[-n:]]
        return {name: sum(d[name] for d in tail) / len(tail) for name in tail[0]} if tail else {}
