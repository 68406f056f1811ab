"""The one error that a person can act on; anything else is a fault."""


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
