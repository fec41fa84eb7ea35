"""What went wrong, in words for the person who can do something about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """A request that cannot be carried out: what was found, where, and what to do. Nothing has changed.

    `options` are those of `import` that do it: only the command line tells them.
    """

    def __init__(self, what: str, *, where: str = "", do: str = "", options: str = "") -> None:
        self.what, self.where, self.do, self.options = what, where, do, options
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """One line: where, what, what to do."""
        start = f"{self.where}: " if self.where else ""
        end = f" {self.do}" if self.do else ""
        return f"{start}{self.what.rstrip('.')}.{end}"


class Doubts(Exception):
    """Questions that a person must settle before an import goes on. Nothing has changed.

    `questions` are JSON-able: kind, file, column, question, examples, options, answer_key.
    """

    def __init__(self, questions: Sequence[Mapping[str, object]]) -> None:
        self.questions = list(questions)
        super().__init__("; ".join(str(each["question"]) for each in self.questions))
