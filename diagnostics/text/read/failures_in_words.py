"""Find the failures that the words of a text state, outside of events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.author.questions import asks_only
from diagnostics.text.read.clean.records import clean, records, spelled, unwrap
from diagnostics.text.read.completed_failures import (
    is_of_another_action,
    with_caller,
    with_creation,
    with_decoded_message,
    with_key,
    with_record,
    with_role,
)
from diagnostics.text.read.failure_identity import fold, identity
from diagnostics.text.read.forms import failures_by_code
from diagnostics.text.read.forms.authorization_details import recorded_denials
from diagnostics.text.read.forms.decoded_messages import decoded_messages
from diagnostics.text.read.forms.typed_requests import Creation, creations
from diagnostics.text.read.identities.callers import caller_in
from diagnostics.text.read.layout.record_rules import read_record, signals_in
from diagnostics.text.read.messages.other_systems import (
    of_actual_server,
    of_unusable_key,
    with_no_refusals,
    with_other_lines,
)
from diagnostics.text.read.not_the_failure.lines_without_failure import stated_part, without_material
from diagnostics.text.read.not_the_failure.questions_removed import without_questions
from diagnostics.text.read.repetitions import (
    without_bare_heads,
    without_echoes,
    without_heading,
    without_missing_entities,
    without_nameless,
)
from iam.lazy_pattern import regex
from iam.services import iam_prefix


def is_definite(failure: Failure) -> bool:
    """Return whether the failure says more than that something is denied, which may be about a quoted failure."""
    if isinstance(failure, Denial):
        return bool(failure.principal or failure.action or failure.operation)
    return not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.UNRECOGNIZED


def failures_in_words(text: str) -> list[Failure]:
    """Return the failures of a text that is not an event; if there are several, those in a program's own lines."""
    cleaned = clean(text)
    found = _of_records(text, cleaned, cleaned)
    printed = without_material(text) if len(found) > 1 else text
    if printed == text:
        return found
    own, whole = _of_records(text, cleaned, clean(printed)), {identity(each): each for each in found}
    return [whole.get(identity(each), each) for each in own] if any(is_definite(each) for each in own) else found


def _of_records(text: str, cleaned: str, printed: str) -> list[Failure]:
    """Return the failures of the records of ``printed``, with what the full text says about them."""
    asked = list(creations(cleaned))
    found = fold(_from_records(printed))
    if decoded := list(decoded_messages(text)):
        found = _completed(found, decoded, with_decoded_message)
    if recorded := list(recorded_denials(text)):
        found = _completed(found, recorded, with_record)
    found = [
        each
        for each in found
        if not (isinstance(each, OtherFailure) and failures_by_code.of_another_program(each, cleaned))
    ]
    found = [of_unusable_key(with_other_lines(of_actual_server(each, cleaned), cleaned), cleaned) for each in found]
    found = without_echoes(found)  # before a caller that is named elsewhere makes a difference
    caller = caller_in(text)
    found = [with_role(with_creation(failure, asked), cleaned) for failure in found]
    found = [with_caller(with_key(failure, cleaned), caller) for failure in found]
    found = without_nameless(without_bare_heads(without_echoes(found)))
    found = without_heading(with_no_refusals(found, cleaned))
    found = without_missing_entities(found)
    return found or ([] if asked and _asks_for_permission(text) else fold(_question(creation) for creation in asked))


_OF_THE_NAME = regex(r"(?<![\w-])(?:names?|taken|exists?|already|free|owns?|owner)\b", re.IGNORECASE)


def _asks_for_permission(text: str) -> bool:
    """Whether the text only asks whether a creation will work, and not whether its name is taken."""
    return asks_only(text) and not _OF_THE_NAME.search(text)


_SHORT = 6
"""The maximum length of a signal that may occur in a text by chance, where two adjacent words happen to form it."""


def _from_records(cleaned: str) -> Iterator[Failure]:
    """Yield the failures of each record, with the AWS CLI command above it."""
    seen: dict[str, tuple[Failure, ...]] = {}
    commands = (
        list(
            re.finditer(r"(?:^|[\s$#>])aws\s+(?:--?[\w-]+(?:[ =](?!-)\S+)?\s+){0,4}([a-z][a-z0-9-]+)\s+[a-z]", cleaned)
        )
        if "aws " in cleaned
        else []
    )
    upto = 0
    hint: str | None = None
    command = ""
    present = signals_in(cleaned)
    for record in records(cleaned) if present else ():
        signals = tuple(signals_in(record.text, present).values())
        if not signals:
            continue
        while upto < len(commands) and commands[upto].start() <= record.start:
            name, command = commands[upto][1], _command_line(cleaned, commands[upto].start())
            hint = {"s3api": "s3"}.get(name) or iam_prefix(name)
            upto += 1
        key = f"{hint}|{_VOLATILE.sub('', record.text)}"
        if key not in seen:
            # A short signal may end one word and begin the next: "have permission" contains "eperm".
            long = tuple(signal for signal in signals if len(signal) > _SHORT)
            stated = without_questions(record.text)
            left = signals if stated == record.text else tuple(signals_in(stated, present).values())
            seen[key] = tuple(_of_lines(stated, long, hint, left)) if left else ()
        yield from (_with_command(failure, command) for failure in seen[key])


def _of_lines(record: str, phrases: tuple[str, ...], hint: str | None, signals: tuple[str, ...]) -> list[Failure]:
    """Return the failures of a record.

    Material, such as code or notes, may look like a denial. If the record without its material states only another
    system's failures, those are returned instead.
    """
    whole, part = unwrap(spelled(record, phrases)), stated_part(record)
    found = read_record(whole, hint, signals)
    if part == record or not all(isinstance(each, Denial) and not each.stated_reason for each in found):
        return found
    own = read_record(unwrap(spelled(part, phrases)), hint, tuple(signals_in(part).values()))
    if own and all(isinstance(each, OtherFailure) and is_definite(each) for each in own):
        return [replace(each, text=whole) for each in own]
    return found


_COMMAND_LINE = regex(r"\s?(?:[^\n]{0,4000}\\\n){0,20}[^\n]{0,4000}")


def _command_line(cleaned: str, start: int) -> str:
    """Return the command that begins at ``start``, with the lines that continue it."""
    found = _COMMAND_LINE.match(cleaned, start)
    return found[0].strip() if found else ""


def _with_command(failure: Failure, command: str) -> Failure:
    """Return a denial with the command that caused it, because what the command names is a part of the request."""
    if not command or not isinstance(failure, Denial) or command in failure.text:
        return failure
    return replace(failure, text=f"{command}\n{failure.text}")


# What differs from one printing of the same message to the next, and no rule reads.
_VOLATILE = regex(
    r"^\[?\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?"
    r"|\b(?:request ?id|host ?id|RequestID)[\"']?\s*[:=]\s*[\w/+=-]+",
    re.IGNORECASE,
)


def _completed(
    found: list[Failure], details: list[Denial], complete: Callable[[Denial, Denial], Denial]
) -> list[Failure]:
    """Return the denials with what AWS says about them: a decoded message, or a denial's record.

    Such a detail belongs to the denial next to it. If there is none, it is a denial of its own.
    """
    beside = [failure for failure in found if isinstance(failure, Denial)]
    if len(beside) != 1 or len(details) != 1 or is_of_another_action(beside[0], details[0]):
        return [*found, *fold(details)]
    whole = complete(beside[0], details[0])
    return [whole if failure is beside[0] else failure for failure in found]


def _question(creation: Creation) -> Conflict:
    """Return a conflict that asks whether the name of the entity to be created is already taken."""
    return Conflict(
        text=creation.text,
        entity_type=creation.kind,
        name=creation.name,
        operation=creation.operation,
        path=creation.path,
    )
