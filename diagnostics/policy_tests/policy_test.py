"""Data classes for policy tests and their results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Expectation(StrEnum):
    """The expected or actual result of a test. ``UNKNOWN``: it depends on a value that is unknown."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Principals:
    """The principals of a test: names, ARNs and patterns or, with ``excluded``, all roles and users except these."""

    names: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """An entry in a test file. It expects the same result for each principal, action and resource.

    A pattern represents everything that matches it: ``allowed`` means that all of it is allowed, ``denied`` that none
    of it is. ``number`` counts the tests in the file from 1; ``line`` is where the entry begins.
    """

    file: str
    number: int
    line: int
    principals: Principals
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expect: Expectation = Expectation.ALLOWED
    name: str = ""

    @property
    def title(self) -> str:
        if self.name:
            return self.name
        who = ", ".join(self.principals.names)
        who = f"everyone but {who}" if self.principals.excluded else who
        return f"{who}: {', '.join(self.actions)} on {', '.join(self.resources)} is {self.expect}"


class Outcome(StrEnum):
    """The outcome of a test.

    ``OPEN``: the answer depends on a value that is unknown, so the test neither passes nor fails.
    """

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a test for one principal, action and resource.

    ``why`` names the deciding statement, or the layer without an Allow, in one sentence. ``depends_on`` names condition
    keys and layers that are unknown; it is empty unless ``found`` is unknown.
    """

    principal: str
    action: str
    resource: str
    found: Expectation
    why: str
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A test with the answers that differ from the expected result.

    ``checked`` counts all answers; ``problem`` is one sentence if the test could not be evaluated at all.
    """

    test: PolicyTest
    outcome: Outcome
    checked: int = 0
    differing: tuple[Answer, ...] = ()
    problem: str = ""
