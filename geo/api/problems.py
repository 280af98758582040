"""What a request can be wrong about."""

from __future__ import annotations


class RequestProblem(Exception):
    """A request that cannot be answered.

    Parameters
    ----------
    status : int
        Of the answer.
    words : str
        What was given and what is expected, in English, for programs and their developers.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


def wrong(words: str) -> RequestProblem:
    """Refuse a request whose parameter has a value that it cannot take."""
    return RequestProblem(400, words)
