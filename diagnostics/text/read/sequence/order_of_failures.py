"""Sort the failures of a text by importance: what stopped the program comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Sequel
from diagnostics.text.read.messages.other_service_errors import NOT_SET_UP
from diagnostics.text.read.sequence.changes import is_a_change
from diagnostics.text.read.sequence.did_not_stop import is_over, with_asides, with_what_fails_now
from diagnostics.text.read.sequence.failure_places import last_line
from diagnostics.text.read.sequence.fallbacks import after_a_fallback, fallback_from
from diagnostics.text.read.sequence.follow_ups import Causes, after_the_cause, causes_first, follows_from_a_refused_read
from diagnostics.text.read.sequence.lines_and_commands import EXPORTS, Paste, quote
from diagnostics.text.read.sequence.rollbacks import in_order_of_time, with_rollbacks
from diagnostics.text.read.sequence.successes_after import what_came_after
from diagnostics.words import DECODES
from iam.arn import identity_of, name_of
from iam.lazy_pattern import regex

_MOST_FAILURES = 50


def in_sequence(failures: Sequence[Failure], text: str) -> tuple[Failure, ...]:
    """Return the failures of a text, sorted, each with what came before or after it."""
    if "\n" not in text.strip() or all(_is_of_another_system(each) for each in failures):
        return tuple(failures)
    # A message alone has no sequence.
    from diagnostics.text.read.sequence.success_messages import not_found
    from diagnostics.text.read.sequence.superseded import with_later_reasons

    paste, causes = Paste(text), Causes()
    failures = in_order_of_time(failures, paste)
    found = []
    for index, failure in enumerate(failures):
        after = what_came_after(failure, paste, alone=len(failures) == 1) if index < _MOST_FAILURES else None
        caused_by = causes.of(failure) or (_of_the_same_keys(failures[index - 1], failure, paste) if index else "")
        if caused_by := caused_by or follows_from_a_refused_read(failure, failures):
            after = replace(after or Sequel(), caused_by=caused_by, then=after_the_cause(failure))
        elif index < _MOST_FAILURES and (caused_by := fallback_from(failures, index, paste)):
            after = replace(after or Sequel(), caused_by=caused_by, then=after_a_fallback(failure))
        if after is not None and after.succeeded:
            changed = _change_between(failure, after.succeeded, paste)
            recent = bool(changed) or _made_before(after.succeeded, paste) or _is_of_trust(failure)
            after = replace(after, recent=recent, changed=changed)
        found.append(replace(failure, sequel=after) if after else failure)
    found = causes_first(found)
    found = with_asides(found, paste) if len(found) <= _MOST_FAILURES else found
    found = with_later_reasons(with_what_fails_now(found, paste), paste)
    found = with_rollbacks(_with_what_exists(found, paste), paste)
    if unfound := not_found(paste):
        found = [_with_what_is_missing(each, paste, unfound) for each in found]
    if len(found) > 1:
        found = [_of_aws_itself(_only_decoding(each, found), found) for each in found]
        found = _what_stopped_first(found, text)
    asked = _TIME_ASKED.search(text)
    at = asked["time"] if asked else ""
    denied = any(isinstance(each, Denial) and each.stated_reason for each in found)
    found = sorted(found, key=lambda each: denied and _is_not_set_up(each))
    return tuple(sorted(found, key=lambda each: (_later(each), bool(at) and not _is_of(each, at))))


_NOT_SUBSCRIBED = regex(r"\bSubscriptionRequired")


def _is_not_set_up(failure: Failure) -> bool:
    """Return whether the failure's only line says that a service is not set up: a denial with a reason comes first."""
    reason = failure.stated_reason if isinstance(failure, Denial) else None
    said = NOT_SET_UP.search(failure.text) or _NOT_SUBSCRIBED.search(failure.text)
    return not reason and "\n" not in failure.text.strip() and said is not None


_CREATES = "Create"
_EXISTS = regex(r"[^:;()]{0,80}(?:already exists|has been taken)\b", re.IGNORECASE)


def _with_what_exists(found: list[Failure], paste: Paste) -> list[Failure]:
    """Return the failures; a denied creation gets another failure's line that says that the resource exists."""
    taken = {each.name: each for each in found if isinstance(each, Conflict) and each.name}
    out = list(found)
    for index, failure in enumerate(found if taken else ()):
        if not isinstance(failure, Denial) or failure.sequel is not None:
            continue
        creates = (failure.action or "").partition(":")[2].startswith(_CREATES)
        name = name_of(failure.resource or "")
        lines = (line for line in paste.lines if name in line) if creates and name in taken else ()
        if said := next((each for line in lines if (each := _EXISTS.search(line))), None):
            out[index] = replace(failure, sequel=Sequel(exists=quote(said[0])))
    return out


def _with_what_is_missing(failure: Failure, paste: Paste, unfound: list[int]) -> Failure:
    """Return the failure, with the line of a later command that shows that a resource which it names does not exist.

    The failure is returned unchanged if there is no such line.
    """
    from diagnostics.text.read.sequence.success_messages import missing_thing

    at = last_line(failure, paste) if failure.sequel is None else None
    said = missing_thing(failure, paste, at, unfound) if at is not None else ""
    return replace(failure, sequel=Sequel(missing=said)) if said else failure


def _is_of_trust(failure: Failure) -> bool:
    """Whether a service could not assume a role. If that works later without a change, the role usually was new."""
    return isinstance(failure, Denial) and failure.claims_trust


def _of_the_same_keys(before: Failure, failure: Failure, paste: Paste) -> str:
    """Return the operation whose keys AWS rejected, if the next call with these keys is a HEAD request answered by 403.

    Such a response has no body, and so no reason (Amazon S3 API Reference, "HeadObject":
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    if not isinstance(before, OtherFailure) or before.trouble is not Trouble.CREDENTIALS or not before.operation:
        return ""
    if not isinstance(failure, Denial) or failure.principal or not (failure.operation or "").startswith("Head"):
        return ""
    places = last_line(before, paste), last_line(failure, paste)
    if places[0] is None or places[1] is None:
        return ""
    one, other = paste.command_before(places[0]), paste.command_before(places[1])
    if one is None or other is None or paste.choices(one)["profile"] != paste.choices(other)["profile"]:
        return ""
    between = any(one.line < each.line < other.line and EXPORTS.match(each.said) for each in paste.commands)
    return "" if between else before.operation


def _made_before(succeeded: str, paste: Paste) -> bool:
    """Whether a line before the success says that a policy, key or role was created or changed shortly before."""
    return any(map(is_a_change, paste.lines[: _place_of(succeeded, paste)]))


def _place_of(succeeded: str, paste: Paste, after: int = -1) -> int:
    words = succeeded.rstrip(".")
    lines = enumerate(paste.lines)
    return next((at for at, line in lines if at > after and words in " ".join(line.split())), len(paste.lines))


def _change_between(failure: Failure, succeeded: str, paste: Paste) -> str:
    """Return the last line that changes a policy between a denied call and its later success; "" if none is known."""
    at = last_line(failure, paste) if isinstance(failure, Denial) else None
    if at is None or (end := _place_of(succeeded, paste, at)) == len(paste.lines):
        return ""
    return next((quote(line) for line in reversed(paste.lines[at + 1 : end]) if is_a_change(line)), "")


_WHICH_ASKED = regex(
    r"\b(?:which|what)\b[^\n?]{0,40}\b(?:matters?|relevant|counts?|the cause|responsible|to blame|is it)\b",
    re.IGNORECASE,
)
_WHAT_STOPPED = regex(
    r"\b(?P<what>[A-Za-z][\w-]{2,40})(?:['’]s)? (?:has |have )?(?:stop(?:s|ped)|fail(?:s|ed)|is down|hangs"
    r"|no longer \w+)\b",
    re.IGNORECASE,
)


def _what_stopped_first(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures, with the name of the stopped program if the text asks which failure stopped it.

    If exactly one denied caller has that program's name, the other denials get the name.
    """
    stopped = _WHAT_STOPPED.search(text) if _WHICH_ASKED.search(text) else None
    if stopped is None:
        return found
    what = stopped["what"]
    own = [each for each in found if isinstance(each, Denial) and what.lower() in (each.principal or "").lower()]
    if len(own) != 1:
        return found
    return [
        replace(each, sequel=replace(each.sequel or Sequel(), made_by=identity_of(each.principal)[2], stopped=what))
        if isinstance(each, Denial) and each.principal and each is not own[0]
        else each
        for each in found
    ]


_TIME_ASKED = regex(r"\b(?:at|around|failed|since|stopped) (?:exactly )?(?P<time>\d\d:\d\d)(?::\d\d)?\b(?!-)")


def _is_of(failure: Failure, time: str) -> bool:
    """Whether the failure's record has this time, to the minute."""
    return regex(rf"(?<!\d){time}(?!\d)").search(failure.text[:_LONGEST_RECORD]) is not None


_LONGEST_RECORD = 4_000


def _only_decoding(failure: Failure, found: Sequence[Failure]) -> Failure:
    """Return a denied decoding of a message as caused by the call that got the message, if its reason is known."""
    if not isinstance(failure, Denial) or (failure.action or "").lower() != DECODES:
        return failure
    first = next((each for each in found if isinstance(each, Denial) and each.code == "UnauthorizedOperation"), None)
    if first is None or not first.action or not first.stated_reason:
        return failure
    return replace(failure, sequel=replace(failure.sequel or Sequel(), caused_by=first.action))


def _of_aws_itself(failure: Failure, found: Sequence[Failure]) -> Failure:
    """Return the failure; if AWS's own role was denied in it, with the names of that role and of the actual caller."""
    own = _service_role(failure)
    other = next((each.principal for each in found if isinstance(each, Denial) and not _service_role(each)), None)
    if not own or not other:
        return failure
    stopped = identity_of(other)[2]
    return replace(
        failure, sequel=replace(failure.sequel or Sequel(), made_by=f"AWS's own role {own}", stopped=stopped)
    )


def _service_role(failure: Failure) -> str:
    """Return the service-linked role that made the call; "" for any other caller."""
    caller = failure.principal if isinstance(failure, Denial) else None
    name = identity_of(caller)[2] if caller else ""
    return name if name.startswith("AWSServiceRoleFor") else ""


def _is_of_another_system(failure: Failure) -> bool:
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM


def _later(failure: Failure) -> int:
    """Return the sort key.

    First comes what stopped the program, then what did not stop it or is another program's, then what is over.
    """
    if is_over(failure):
        return 2
    if isinstance(failure, Denial) and (failure.action or "").lower() == DECODES:
        return 1
    sequel = failure.sequel
    if sequel is not None and sequel.rolled_back:
        return 1
    return 1 if sequel is not None and sequel.beside and not sequel.caused_by else 0
