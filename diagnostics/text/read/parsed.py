"""Derive the ``parsed`` field of the JSON format from a failure."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.failure import Failure
from diagnostics.text.read.layout.text_time import TextTime, time_of_text


@dataclass(frozen=True, slots=True)
class Parsed:
    """The fields of ``parsed``. None (null in JSON) means that the text does not give the value; none is guessed."""

    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    operation: str | None = None
    stated_reason: str | None = None
    policy_arn: str | None = None
    missing_action: str | None = None
    encoded_message: str | None = None
    authorization_id: str | None = None
    entity_type: str | None = None
    name: str | None = None
    owner_stack: str | None = None
    at: TextTime | None = None

    def as_json(self) -> dict[str, object]:
        values: dict[str, object] = {name: getattr(self, name) for name in self.__match_args__}
        return {**values, "at": self.at.as_json if self.at is not None else None}


def parsed(failure: Failure) -> Parsed:
    """Return the fields that this kind of failure has."""
    fields = {name: getattr(failure, name, None) for name in Parsed.__match_args__ if name != "at"}
    return Parsed(**fields, at=time_of_text(failure.text))
