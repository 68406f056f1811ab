"""The one error that a person can act on; anything else is a fault."""

from collections.abc import Callable, Sequence


class Refusal(Exception):
    """Something a person can act on: the message says what is wrong and what to do, and is shown as it is.

    field: the name of the form field it belongs to, where it belongs to one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleRecord(Refusal):
    """The record was changed by somebody since the person opened it."""


class Refusals(Refusal):
    """Several at once, each at its own field, so that nobody mends a form one sentence at a time."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.message for refusal in refusals), refusals[0].field)
        self.refusals = refusals


def refuse_together(*checks: Callable[[], object]) -> None:
    """Run all checks; raises Refusals where any of them refuses."""
    refusals = []
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise Refusals(refusals)
