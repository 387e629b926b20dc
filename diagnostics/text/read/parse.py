"""Parse pasted errors: `parse` turns any text into failures. They contain only what the text says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from diagnostics.failure import CUT, Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Repair
from diagnostics.text.read.asked import without_questions
from diagnostics.text.read.bootstrap import without_warnings
from diagnostics.text.read.callers import caller_in
from diagnostics.text.read.clean.nearest_action import begins_an_action, meant_action, only_action_begun, with_action
from diagnostics.text.read.clean.prefixes import CUT as CUT_BREAK
from diagnostics.text.read.clean.prefixes import without_prefixes
from diagnostics.text.read.clean.records import clean, records, spelled, squeezed, unwrap
from diagnostics.text.read.clean.repair import repaired
from diagnostics.text.read.credential_chain import credential_chain, with_partition
from diagnostics.text.read.cut_off import with_mark
from diagnostics.text.read.directory_buckets import as_session
from diagnostics.text.read.expected import failed_test, let_through, without_the_expected
from diagnostics.text.read.forms import conflicts, denials, http_refusals, others, systems, trust
from diagnostics.text.read.forms.aws_answers import MISSING_OBJECT
from diagnostics.text.read.forms.decoded import decoded_messages
from diagnostics.text.read.forms.events import FailedEvent, events, events_of
from diagnostics.text.read.forms.no_refusal import ROW_NAMES, is_heading, no_refusals
from diagnostics.text.read.forms.platforms import KAFKA
from diagnostics.text.read.forms.recorded import recorded_denials
from diagnostics.text.read.forms.typed import Creation, creations
from diagnostics.text.read.log_lines import speaker
from diagnostics.text.read.material import own_error, stated_part, without_material
from diagnostics.text.read.mentions import counts_none, none_is_stated, only_mentions
from diagnostics.text.read.of_today import is_a_review, of_an_example, without_the_past, without_the_withdrawn
from diagnostics.text.read.own_words import own_failures_first, with_policies_beside
from diagnostics.text.read.questions import asks_only, supposes
from diagnostics.text.read.refusals_in_own_words import SIGNALS as REFUSALS
from diagnostics.text.read.refusals_in_own_words import names_actions
from diagnostics.text.read.rows import row_events
from diagnostics.text.read.sequence.later import result_of_a_task
from diagnostics.text.read.sequence.one_failure import each_failure_once
from diagnostics.text.read.sequence.order import in_sequence
from diagnostics.text.read.service_sentences import SIGNALS as PROSE_SIGNALS
from diagnostics.words import UNSIGNED
from iam.api_operations import action_for
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_KEPT_TEXT = 20_000
_MOST_WITH_POLICIES = 12
"""The maximum number of failures in one text that are compared with its policies: each comparison takes a while."""
_SHORT = 6

# Every rule's own: a record is read only by the forms of which it contains a signal.
_SIGNALS = {
    squeezed(phrase): phrase
    for phrase in (
        *REFUSALS,
        *denials.SIGNALS,
        *conflicts.SIGNALS,
        *trust.SIGNALS,
        *systems.SIGNALS,
        *others.SIGNALS,
        *PROSE_SIGNALS,
        *http_refusals.SIGNALS,
    )
}


_DENIAL, _CONFLICT, _TRUST, _OTHER = map(frozenset, (denials.SIGNALS, conflicts.SIGNALS, trust.SIGNALS, others.SIGNALS))
Rule = Callable[[str, str | None], tuple[int, Failure] | None]


def _prose(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """Return the denial in a service's own sentence, unless it says that the service cannot assume the role."""
    return None if trust.claim(text, hint) else denials.in_prose(text, hint)


def _refusal(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """A denial in prose of no table, unless it says that a service cannot assume a role."""
    return None if trust.claim(text, hint) else denials.refusals(text, hint)


def _not_iam(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """An answer of another system, unless the text denies actions that IAM has, in other words than that answer."""
    found = others.not_iam(text, hint) if names_actions(text) else None
    if found is not None:
        begin = text.rfind("\n", 0, found[0]) + 1
        end = text.find("\n", found[0])
        if end < 0 or names_actions(text[:begin] + text[end:]):
            return None
        return found
    return None if names_actions(text) else others.not_iam(text, hint)


# What is asked where neither a whole sentence nor a taken name was found, in this order.
_RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset(PROSE_SIGNALS), _prose),
    (frozenset((*systems.SIGNALS, *conflicts.SIGNALS)), _not_iam),
    (_OTHER, others.exact),
    (_TRUST, trust.claim),
    (_OTHER, others.loose),
    (_DENIAL.union(REFUSALS), _refusal),
    (_DENIAL, denials.bare),
    (frozenset(http_refusals.SIGNALS), http_refusals.refused),
)


def signals_in(text: str, among: Mapping[str, str] = _SIGNALS) -> dict[str, str]:
    """Return the signals that ``text`` contains, even if broken across lines, each with its phrase.

    A text without signals states no failure, but may contain a command that creates something.
    """
    letters = squeezed(text)
    return {signal: phrase for signal, phrase in among.items() if signal in letters}


def parse(text: str) -> tuple[Failure, ...]:
    """Return the failures that a pasted text states, in order; equal ones are merged and counted.

    Never empty, never raises.

    If nothing is recognized, the result is one `OtherFailure` of `Trouble.UNRECOGNIZED`, and its ``detail`` says what
    the text seems to be.
    """
    if not text.strip():
        return (OtherFailure(text=text[:_KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail="empty"),)
    if _looks_binary(text) and "authorized to perform" not in text:
        return (OtherFailure(text=text[:_KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail="binary"),)
    mended = repaired(text)
    text = without_warnings(mended.text)
    told, rest = events(text)
    rows, rest = _rows_of_today(rest)
    told += rows
    found = _fold(_from_events(told))
    if not found:
        found, text = _of_today(text)
    elif signals_in(rest):
        own = _from_words(rest)
        found = [*own, *found] if own and _of_other_requests(rest, text) else _without_echoes([*found, *own])
    if not found and (name := systems.in_the_whole("the operating system", text)) != "the operating system":
        return (OtherFailure(text[:_KEPT_TEXT], Trouble.NOT_IAM, name=systems.subject_of(name, text), detail=name),)
    if not found and counts_none(text):
        return (OtherFailure(text[:_KEPT_TEXT], Trouble.NOT_IAM, detail=systems.NOTHING_REFUSED),)
    if not found:
        unknown = OtherFailure(text=text[:_KEPT_TEXT], trouble=Trouble.UNRECOGNIZED, detail=_kind_of_text(text))
        return (replace(unknown, sequel=result_of_a_task(text)),)
    if _is_asked(found, text) or all(_is_a_form(each, text) for each in found):
        return (OtherFailure(text[:_KEPT_TEXT], Trouble.UNRECOGNIZED, detail=_kind_of_text(text)),)
    if only_mentions(found, text):
        return (OtherFailure(text[:_KEPT_TEXT], Trouble.NOT_IAM, detail=systems.NOTHING_REFUSED),)
    if none_is_stated(found, text):
        return (OtherFailure(text[:_KEPT_TEXT], Trouble.UNRECOGNIZED, detail=_kind_of_text(text)),)
    found, text = _with_real_actions(found, text)
    if "--x-s3" in text:
        found = [as_session(each, text) if isinstance(each, Denial) else each for each in found]
    found = _with_chain([_with_repairs(_marked(failure), mended.repairs) for failure in found], text)
    found = each_failure_once(found, text)
    if len(found) == 1 and len(text) <= _KEPT_TEXT:
        found = [replace(found[0], text=_without_prefixes(text))]
    elif not told and 1 < len(found) <= _MOST_WITH_POLICIES and len(text) <= _KEPT_TEXT:
        found = with_policies_beside(own_failures_first(found, text), text)
    return in_sequence(found, text)


def _rows_of_today(text: str) -> tuple[list[FailedEvent], str]:
    """The rows of the text that are events, and its rest; without the past, where what remains states a failure."""
    present = without_the_past(text)
    if present != text:
        rows, rest = row_events(present)
        if rows or any(map(_is_definite, _from_words(rest))):
            return rows, rest
    return row_events(text)


def _is_asked(found: list[Failure], text: str) -> bool:
    """Whether the failures come from words of a question alone: it asks for permissions, and nothing failed."""
    return asks_only(text) and all(
        isinstance(each, Denial)
        and not (each.stated_reason or each.encoded_message or each.claims_trust)
        and (each.code is None or supposes(text))
        for each in found
    )


_OF_NOBODY = regex(r"arn:[\w-]+:(?:iam|sts)::(?!\d)[^:\s]*:")


def _is_a_form(failure: Failure, text: str) -> bool:
    """Whether the failure is IAM's sentence with letters for account and action, in a question about it."""
    return (
        isinstance(failure, Denial)
        and not (failure.action or failure.operation or failure.code)
        and _OF_NOBODY.match(failure.principal or "") is not None
        and "?" in text
    )


_QUOTED_LINE = regex(r"^[ ]{0,3}>", re.MULTILINE)


def _without_prefixes(text: str) -> str:
    """Return the text in which causes are looked for.

    It keeps the marks of quotes, because a quote is not part of the request.
    """
    return text if _QUOTED_LINE.search(text) else without_prefixes(text).replace(CUT_BREAK, "")


def _with_real_actions(found: list[Failure], text: str) -> tuple[list[Failure], str]:
    """The denials with the actions that their mangled names mean, and the text with these in its sentences."""
    out: list[Failure] = []
    for failure in found:
        if isinstance(failure, Denial):
            failure, text = _with_real_action(failure, text)
        out.append(failure)
    return out, text


_HAS_POLICY = regex(r"\b(?:Not)?Actions?\b[\"']?\s*[:=]", re.IGNORECASE)


def _with_real_action(denial: Denial, text: str) -> tuple[Denial, str]:
    for written in dict.fromkeys(filter(None, (denial.action, denial.missing_action))):
        begins = written.removesuffix(CUT)
        # Without a policy to compare with, the answer only says what the line may have been.
        cut = _HAS_POLICY.search(text) and re.search(rf"{re.escape(begins)}(?:{CUT}|\.\.\.)", text)
        is_begun = denial.stated_reason or cut
        meant = (only_action_begun(begins) if is_begun else None) or meant_action(written)
        if meant is None:
            if written == denial.action and begins_an_action(written):
                denial = replace(denial, action=written + CUT)
            continue
        missing = meant if denial.missing_action == written else denial.missing_action
        action = meant if denial.action == written else denial.action
        service, _, called = meant.partition(":")
        operation = denial.operation
        if operation and meant in (f"{service}:{operation}", meant_action(f"{service}:{operation}")):
            operation = called
        text = with_action(text, written, meant)
        denial = replace(
            denial,
            text=with_action(denial.text, written, meant),
            action=action,
            missing_action=None if missing == action else missing,
            operation=operation,
            repairs=(*denial.repairs, Repair(written, meant)),
        )
    return denial, text


def _marked(failure: Failure) -> Failure:
    return with_mark(failure) if isinstance(failure, Denial) else failure


def _with_repairs(failure: Failure, repairs: tuple[Repair, ...]) -> Failure:
    """A denial with the repairs of its own principal and resource."""
    if not repairs or not isinstance(failure, Denial):
        return failure
    values = f"{failure.principal} {failure.resource} {failure.policy_arn}"
    own = tuple(each for each in repairs if each.read in values)
    return replace(failure, repairs=(*own, *failure.repairs)) if own else failure


def _of_today(text: str) -> tuple[list[Failure], str]:
    """Return the failures of a text that is not an event, and the text that states them.

    If the rest states a failure of its own, quotes of the past and denials that a test expects are left out.
    """
    unexpected = without_the_expected(text)
    called, beside = let_through(unexpected)
    if called and not any(map(_is_definite, _from_words(beside))):
        return [OtherFailure(text, Trouble.NOT_IAM, name=called, detail=systems.LET_THROUGH)], text
    if unexpected != text:
        rest = _from_words(unexpected)
        if any(_is_definite(each) for each in rest):
            return _of_today(unexpected) if without_the_expected(unexpected) == unexpected else (rest, unexpected)
        if not rest:
            failed = failed_test(unexpected)
            wanted = systems.EXPECTED_BESIDE if failed else systems.EXPECTED
            return [OtherFailure(text, Trouble.NOT_IAM, name=failed or None, detail=wanted)], text
    if (meant := without_the_withdrawn(text)) != text and (
        any(map(_is_definite, _from_words(meant))) or own_error(meant)
    ):
        text = meant
    present = without_the_past(text)
    today = _from_words(present) if present != text else []
    if any(_is_definite(each) for each in today) or (today and own_error(present)):
        return _without_an_example(today, text), present
    found, printed = _from_words(text), without_material(present)
    if found and not today and printed != text and own_error(printed) and not _from_words(printed):
        return [], printed  # what happens now is an error, of which nothing more is known
    if found and not today and present != text and is_a_review(present):
        return [], present  # what the author quotes, and says that nothing fails
    if today and not any(_is_definite(each) for each in found):
        return today, present
    if (
        found
        and "mateojackson" in text
        and all(isinstance(each, Denial) and of_an_example(each.principal) for each in found)
    ):
        beside = "\n".join(line for line in text.split("\n") if "mateojackson" not in line)
        if own_error(beside):
            return _from_words(beside), beside
    return _without_an_example(found, text), text


def _without_an_example(found: list[Failure], text: str) -> list[Failure]:
    """The failures without the example of AWS's pages, whose user is mateojackson, where another one is beside it."""
    own = [each for each in found if not (isinstance(each, Denial) and of_an_example(each.principal))]
    return own if own and "mateojackson" in text else found


def _is_definite(failure: Failure) -> bool:
    """Return whether it says more than that something is denied; such words may be about the failure that is quoted."""
    if isinstance(failure, Denial):
        return bool(failure.principal or failure.action or failure.operation)
    return not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.UNRECOGNIZED


_REQUEST_ID = regex(r"request ?id[\"']?\s*[:=]?\s*[\"']?([0-9a-f]{8}-[0-9a-f-]{27})", re.IGNORECASE)


def _of_other_requests(rest: str, text: str) -> bool:
    """Whether the messages beside a text's records are of other requests, by their request IDs."""
    own = set(_REQUEST_ID.findall(rest))
    recorded = set(_REQUEST_ID.findall(text)) - own
    return bool(own and recorded)


_EXPIRED = regex(r"Expired|has expired|token is expired", re.IGNORECASE)


def _with_chain(found: list[Failure], text: str) -> list[Failure]:
    """Failures of credentials with what the paste shows of the credential chain.

    Expired keys of the environment are one failure, whatever number of services says so.
    """
    if not any(isinstance(each, OtherFailure) and each.trouble is Trouble.CREDENTIALS for each in found):
        return found
    chain = with_partition(credential_chain(text), text)
    if chain is None:
        return found
    out: list[Failure] = []
    expired: int | None = None
    for failure in found:
        if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
            out.append(failure)
            continue
        if chain.exported and _EXPIRED.search(f"{failure.code} {failure.detail}"):
            if expired is not None:
                out[expired] = replace(out[expired], count=out[expired].count + failure.count)
                continue
            expired = len(out)
        out.append(replace(failure, chain=chain))
    return out


def _from_words(text: str) -> list[Failure]:
    """The failures of a text that is no event's: of several, those that a program's own lines state."""
    cleaned = clean(text)
    found = _of_records(text, cleaned, cleaned)
    printed = without_material(text) if len(found) > 1 else text
    if printed == text:
        return found
    own, whole = _of_records(text, cleaned, clean(printed)), {identity(each): each for each in found}
    return [whole.get(identity(each), each) for each in own] if any(_is_definite(each) for each in own) else found


def _of_records(text: str, cleaned: str, printed: str) -> list[Failure]:
    """Return the failures of the records of ``printed``, with what the full text says about them."""
    asked = list(creations(cleaned))
    found = _fold(_from_records(printed))
    if decoded := list(decoded_messages(text)):
        found = _completed(found, decoded, _with_decoded)
    if recorded := list(recorded_denials(text)):
        found = _completed(found, recorded, _with_record)
    found = [
        each for each in found if not (isinstance(each, OtherFailure) and others.of_another_program(each, cleaned))
    ]
    found = [_of_the_whole(_of_lookalike(failure, cleaned), cleaned) for failure in found]
    found = _without_echoes(found)  # before a caller that is named elsewhere makes a difference
    caller = caller_in(text)
    found = [_with_role(_with_creation(failure, asked), cleaned) for failure in found]
    found = [_with_caller(_with_key(failure, cleaned), caller) for failure in found]
    found = _without_nameless(_without_bare_heads(_without_echoes(found)))
    found = _without_heading(_with_no_refusals(found, cleaned))
    found = _without_the_missing(found)
    return found or ([] if asked and _asks_for_permission(text) else _fold(_question(creation) for creation in asked))


_OF_THE_NAME = regex(r"(?<![\w-])(?:names?|taken|exists?|already|free|owns?|owner)\b", re.IGNORECASE)


def _asks_for_permission(text: str) -> bool:
    """Whether the text only asks whether a creation will work, and not whether its name is taken."""
    return asks_only(text) and not _OF_THE_NAME.search(text)


def _from_records(cleaned: str) -> Iterator[Failure]:
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

    They are another system's alone where the record states nothing else without its material, such as code or notes.
    """
    whole, part = unwrap(spelled(record, phrases)), stated_part(record)
    found = _read(whole, hint, signals)
    if part == record or not all(isinstance(each, Denial) and not each.stated_reason for each in found):
        return found
    own = _read(unwrap(spelled(part, phrases)), hint, tuple(signals_in(part).values()))
    if own and all(isinstance(each, OtherFailure) and _is_definite(each) for each in own):
        return [replace(each, text=whole) for each in own]
    return found


def _command_line(cleaned: str, start: int) -> str:
    """The command that begins there, with the lines that continue it."""
    found = _COMMAND_LINE.match(cleaned, start)
    return found[0].strip() if found else ""


_COMMAND_LINE = regex(r"\s?(?:[^\n]{0,4000}\\\n){0,20}[^\n]{0,4000}")


def _with_command(failure: Failure, command: str) -> Failure:
    """A denial with the command that met it: what the command names is a part of the request."""
    if not command or not isinstance(failure, Denial) or command in failure.text:
        return failure
    return replace(failure, text=f"{command}\n{failure.text}")


# What differs from one printing of the same message to the next, and no rule reads.
_VOLATILE = regex(
    r"^\[?\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?"
    r"|\b(?:request ?id|host ?id|RequestID)[\"']?\s*[:=]\s*[\w/+=-]+",
    re.IGNORECASE,
)


def _read(text: str, hint: str | None, signals: tuple[str, ...]) -> list[Failure]:
    """The failures of one record, in the order of their places."""
    found: list[tuple[int, Failure]] = []
    if not _DENIAL.isdisjoint(signals):
        found += denials.sentences(text, hint)
    if not _CONFLICT.isdisjoint(signals):
        found += conflicts.conflicts(text, hint)
    if found:
        return [failure for _, failure in sorted(found, key=lambda pair: pair[0])]
    for wanted, rule in _RULES:
        if not wanted.isdisjoint(signals) and (one := rule(text, hint)):
            return [one[1]]
    return []


def _from_events(told: Iterable[FailedEvent]) -> Iterator[Failure]:
    seen: dict[tuple[str, str, str | None, str | None], Failure | None] = {}
    for event in told:
        key = (event.code, event.message, event.operation, event.service)
        if key not in seen:
            seen[key] = _read_event(event)
        if failure := seen[key]:
            yield _of_event(failure, event)


def _read_event(event: FailedEvent) -> Failure | None:
    sentence = f"An error occurred ({event.code}) when calling the {event.operation} operation: {clean(event.message)}"
    failures = _read(unwrap(sentence), event.service, tuple(signals_in(sentence).values()))
    if failures and isinstance(failures[0], Denial) and failures[0].action is None and event.operation:
        return replace(failures[0], action=action_for(event.operation, iam_prefix(event.service or "") or None))
    return failures[0] if failures else None


def _of_event(failure: Failure, event: FailedEvent) -> Failure:
    """Return the failure with what only the event contains: the caller, and the resource."""
    if not isinstance(failure, Denial):
        return replace(failure, text=event.text, code=event.code, name=failure.name or event.entity)
    if failure.claims_trust:
        # The service is who could not assume the role; the event's caller only handed the role to it.
        return replace(
            failure,
            text=event.text,
            code=event.code,
            resource=failure.resource or event.role,
            operation=event.operation,
        )
    return replace(
        failure,
        text=event.text,
        code=event.code,
        principal=failure.principal or event.principal,
        resource=failure.resource or event.resource,
        operation=event.operation,
    )


def _with_creation(failure: Failure, asked: list[Creation]) -> Failure:
    """A conflict with the path (and the name) of the command line that met it, where the paste shows it."""
    if not isinstance(failure, Conflict):
        return failure
    for creation in asked:
        same_name = not failure.name or not creation.name or failure.name.lower() == creation.name.lower()
        if same_name and failure.entity_type in (None, creation.kind):
            return replace(
                failure,
                path=creation.path,
                name=failure.name or creation.name,
                entity_type=failure.entity_type or creation.kind,
                operation=failure.operation or creation.operation,
            )
    return failure


def _of_the_whole(failure: Failure, cleaned: str) -> Failure:
    """Another system's failure with what other lines of the text say of it: Kafka's where MSK asks IAM is a denial."""
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.NOT_IAM or len(cleaned) > _KEPT_TEXT:
        return failure
    if failure.detail == KAFKA and (denied := denials.in_prose(cleaned)):
        return replace(denied[1], text=failure.text)
    detail = systems.in_the_whole(failure.detail, cleaned)
    if detail == failure.detail:
        return failure
    return replace(failure, detail=detail, name=systems.subject_of(detail, cleaned) or failure.name)


_STORES_CODES = ("InvalidAccessKeyId", "SignatureDoesNotMatch")
_STORES_WORDS = regex(
    r"Access Key Id you provided does not exist|signature we calculated does not match", re.IGNORECASE
)


def _of_lookalike(failure: Failure, cleaned: str) -> Failure:
    """Return a denial without words of IAM's as that of another server, if the calls go to one.

    Such a server may be a store that only offers S3's API.
    """
    around = cleaned if len(cleaned) <= _KEPT_TEXT else failure.text
    if isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS:
        of_a_store = failure.code in _STORES_CODES or _STORES_WORDS.search(failure.text)
        if of_a_store and (systems.speaks_of_lookalike(around) or systems.other_endpoint(around)):
            return replace(failure, trouble=Trouble.NOT_IAM, detail=systems.STORES_KEYS)
        return failure
    if not isinstance(failure, Denial) or failure.principal or failure.stated_reason or failure.claims_trust:
        return failure
    code, operation = failure.code, failure.operation
    if (failure.action or "s3:").startswith(("s3:", "sts:AssumeRole")) and systems.speaks_of_lookalike(around):
        return OtherFailure(failure.text, Trouble.NOT_IAM, code, operation, detail=systems.LOOKALIKE)
    if host := systems.other_endpoint(around):
        return OtherFailure(failure.text, Trouble.NOT_IAM, code, operation, name=host, detail=systems.OTHER_ENDPOINT)
    return failure


def _completed(found: list[Failure], told: list[Denial], complete: Callable[[Denial, Denial], Denial]) -> list[Failure]:
    """Return the denials with what AWS says about them: a decoded message, or a denial's record.

    It belongs to the denial next to it; without one it is a denial of its own.
    """
    beside = [failure for failure in found if isinstance(failure, Denial)]
    if len(beside) != 1 or len(told) != 1 or _of_another_action(beside[0], told[0]):
        return [*found, *_fold(iter(told))]
    whole = complete(beside[0], told[0])
    return [whole if failure is beside[0] else failure for failure in found]


def _of_another_action(said: Denial, told: Denial) -> bool:
    """Whether IAM's own sentence, which names the caller, is about another action than AWS's message beside it."""
    if not (said.principal and said.action and told.action) or said.operation or said.missing_action:
        return False
    return said.action.lower() != told.action.lower()


def _with_decoded(said: Denial, told: Denial) -> Denial:
    return replace(
        said,
        principal=said.principal or told.principal,
        action=told.action or said.action,
        resource=said.resource or told.resource,
        stated_reason=said.stated_reason or told.stated_reason,
        decoded=told.decoded,
    )


def _with_record(said: Denial, told: Denial) -> Denial:
    return replace(
        said,
        principal=said.principal or told.principal,
        action=said.action or told.action,
        resource=said.resource or told.resource,
        record=told.record,
    )


# Terraform's AWS provider and S3 backend: the heading above what their SDK says
# (https://github.com/hashicorp/aws-sdk-go-base).
_HEADING = regex(r"\bno valid credential sources\b", re.IGNORECASE)


def _without_heading(found: list[Failure]) -> list[Failure]:
    """The failures without a heading that credentials are missing, where one of them says why."""
    heads = [
        isinstance(each, OtherFailure)
        and each.trouble is Trouble.CREDENTIALS
        and _HEADING.search(each.text) is not None
        for each in found
    ]
    says_why = any(
        isinstance(each, Denial) or (isinstance(each, OtherFailure) and each.trouble is Trouble.CREDENTIALS)
        for each, head in zip(found, heads, strict=True)
        if not head
    )
    return [each for each, head in zip(found, heads, strict=True) if not head] if says_why else found


def _with_no_refusals(found: list[Failure], cleaned: str) -> list[Failure]:
    """The failures with those whose form says that nothing was denied, each at its place in the text.

    A record that one of them makes alone has no other reading: its code says all.
    """
    read = list(no_refusals(cleaned))
    found = [
        each
        for each in found
        if not (isinstance(each, OtherFailure) and each.detail in ROW_NAMES)
        or (not read and not is_heading(each.detail or "", cleaned))
    ]
    for place, failure in read:
        found = [each for each in found if not _reads_the_same(each, failure)]
        index = next((at for at, each in enumerate(found) if _place(each, cleaned) > place), len(found))
        found = [*found[:index], failure, *found[index:]]
    return found


def _reads_the_same(failure: Failure, form: OtherFailure) -> bool:
    """Whether a failure is the same one, read from its code: it names no caller, and no kind of policy."""
    if isinstance(failure, Denial):
        if failure.principal or failure.stated_reason:
            return False
        return failure.code in (None, form.code) and failure.operation in (None, form.operation)
    if isinstance(failure, OtherFailure):
        return failure.detail == form.detail or (failure.trouble is Trouble.NOT_FOUND and failure.code == form.code)
    return False


def _place(failure: Failure, cleaned: str) -> int:
    """Where the text first states the failure; -1 where no mark of it is in the text."""
    marks: tuple[str | None, ...] = (failure.operation, failure.code)
    if isinstance(failure, Denial):
        marks = (failure.action, failure.operation, failure.code)
    return next((cleaned.find(mark) for mark in marks if mark and mark in cleaned), -1)


_ROLE_ASKED_FOR = regex(
    r"\b(?:role-to-assume|role_arn|role-arn|RoleArn|AWS_ROLE_ARN)[\"']?\s*[:= ]\s*"
    r"[\"']?(arn:[\w-]+:iam::[^\s:\"']*:role/[^\s\"',;]+)",
    re.IGNORECASE,
)


_ASSOCIATED = regex(
    r"\brole[-_ ]?arn[\"']?\s*[:= ]\s*[\"']?(arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
    r"|\brole[ \t]+(arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)",
    re.IGNORECASE,
)


def _with_role(failure: Failure, cleaned: str) -> Failure:
    """Return the failure with the role or service that its short sentence does not name.

    STS's short sentences name no role, those of IAM Roles Anywhere no service. It is the one in the step, command line
    or configuration pasted with them.
    """
    if not isinstance(failure, Denial):
        return failure
    failure = trust.of_roles_anywhere(failure, cleaned)
    if failure.resource or (failure.claims_trust and failure.service != "pods.eks"):
        return failure
    if failure.claims_trust:
        # The agent's log names no role; what is pasted with it (the association) may.
        roles = {match[1] or match[2] for match in _ASSOCIATED.finditer(cleaned)}
        return replace(failure, resource=roles.pop()) if len(roles) == 1 else failure
    if not (failure.action or "").lower().startswith("sts:assumerole"):
        return failure
    named = {match[1] for match in _ROLE_ASKED_FOR.finditer(cleaned)}
    return replace(failure, resource=named.pop()) if len(named) == 1 else failure


_ENCRYPTED_WITH = regex(
    r"\b(?:kms|key|cmk|encrypt\w*|KmsKeyId|KMSMasterKeyID)\b[^\n]{0,40}?"
    r"(?P<arn>arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key/[\w-]{36})",
    re.IGNORECASE,
)
_OF_A_STATEMENT = regex(r"Resource[\"']?\s*[:=]\s*\[?\s*[\"']?$", re.IGNORECASE)


def _with_key(failure: Failure, cleaned: str) -> Failure:
    """Return a denied use of an unnamed KMS key with the one key that the text names apart from policies."""
    if not isinstance(failure, Denial) or failure.resource or not (failure.action or "").lower().startswith("kms:"):
        return failure
    found = list(_ENCRYPTED_WITH.finditer(cleaned))
    named = {each["arn"] for each in found if not _OF_A_STATEMENT.search(cleaned[: each.start("arn")][-40:])}
    return replace(failure, resource=named.pop()) if len(named) == 1 else failure


def _with_caller(failure: Failure, caller: str | None) -> Failure:
    """A denial that names no caller, with the one that the text names elsewhere."""
    if caller is None or not isinstance(failure, Denial) or failure.principal or failure.claims_trust:
        return failure
    if (failure.action or "").lower() in UNSIGNED:
        return failure  # these calls are not signed
    return replace(failure, principal=caller)


def _question(creation: Creation) -> Conflict:
    return Conflict(
        text=creation.text,
        entity_type=creation.kind,
        name=creation.name,
        operation=creation.operation,
        path=creation.path,
    )


def failures_of_json(value: object) -> Iterator[Failure]:
    """Yield the failures in CloudTrail events, given as parsed JSON, one for each event."""
    yield from _from_events(events_of(value))


def identity(failure: Failure) -> Failure:
    """Return what two texts about the same failure have in common: the failure without its text and error code.

    The encoded message, which differs each time, is left out if principal, action and resource are known.
    """
    if isinstance(failure, Denial) and failure.principal and failure.action and failure.resource:
        failure = replace(failure, encoded_message=None, authorization_id=None)
    if isinstance(failure, OtherFailure) and failure.detail:
        said_by = speaker(failure.detail)
        failure = replace(failure, detail=said_by if said_by and failure.code else failure.detail.rstrip(". "))
    if isinstance(failure, Denial):
        # The sessions of one role are refused alike.
        principal = failure.principal
        if principal and failure.action:
            principal = "/".join(identity_of(principal))
        # Objects of one folder are refused alike.
        if (failure.action or "").startswith("s3:") and failure.resource and failure.resource.count("/") > 1:
            failure = replace(failure, resource=failure.resource.rpartition("/")[0])
        operation = None if failure.action and not failure.claims_trust else failure.operation
        failure = replace(failure, pasted="", repairs=(), principal=principal, operation=operation)
    if isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM:
        failure = replace(failure, operation=None)
    return replace(failure, text="", code=None, count=1, sequel=None)


def _fold(failures: Iterator[Failure]) -> list[Failure]:
    """Each failure once, in the order of first appearance, and counted."""
    first: dict[Failure, Failure] = {}
    for failure in failures:
        key = identity(failure)
        if known := first.get(key):
            first[key] = replace(known, code=known.code or failure.code, count=known.count + failure.count)
        else:
            first[key] = replace(failure, text=failure.text[:_KEPT_TEXT])
    return list(first.values())


def _without_the_missing(found: list[Failure]) -> list[Failure]:
    """Return the failures without missing entities if anything else failed.

    Tools first test whether an entity exists.
    """
    others = [
        each
        for each in found
        if not (isinstance(each, OtherFailure) and (each.trouble is Trouble.NOT_FOUND or each.detail == MISSING_OBJECT))
    ]
    return others or found


def _without_nameless(found: list[Failure]) -> list[Failure]:
    """Without the answers of another system that name nothing, beside one of the same system that does."""
    named = {each.detail for each in found if isinstance(each, OtherFailure) and each.name}
    return [
        each
        for each in found
        if not (
            isinstance(each, OtherFailure)
            and each.trouble is Trouble.NOT_IAM
            and each.name is None
            and each.detail in named
        )
    ]


def _without_echoes(found: list[Failure]) -> list[Failure]:
    """Without the failures that say less than another one of the same paste does (a title above the sentence)."""
    said = [_facts(failure) for failure in found]
    facts = [_without_its_operation(each) for each in said]
    holders: dict[tuple[type, str, object], list[int]] = {}
    for index, failure in enumerate(found):
        for name, value in (("", None), *said[index].items()):
            holders.setdefault((type(failure), name, value), []).append(index)

    def echoes(index: int) -> bool:
        ours = facts[index]
        keys = [(type(found[index]), name, value) for name, value in (("", None), *ours.items())]
        rarest = min((holders[key] for key in keys), key=len)
        theirs = facts if "action" in ours else said
        return any(len(theirs[other]) > len(ours) and ours.items() <= said[other].items() for other in rarest)

    kept = [failure for index, failure in enumerate(found) if isinstance(failure, OtherFailure) or not echoes(index)]
    return [failure for failure in kept if not _is_title(failure, kept)]


def _without_its_operation(facts: dict[str, object]) -> dict[str, object]:
    """The facts without the name of the call, where the action has the same one."""
    if not str(facts.get("action", "")).endswith(f":{facts.get('operation')}"):
        return facts
    return {name: value for name, value in facts.items() if name != "operation"}


_S3_PATH = regex(r"\bs3://[^\s\"']+")


def _without_bare_heads(found: list[Failure]) -> list[Failure]:
    """Return the failures without HeadObject's 403 if the text has the sentence about GetObject on the same object.

    A HEAD response has no body, and IAM checks s3:GetObject for both (Amazon S3 API Reference, "HeadObject",
    permissions: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """

    def same_object(bare: Denial, said: Denial) -> bool:
        path = _S3_PATH.search(bare.text)
        full = said.action == bare.action and said.principal is not None and said.resource is not None
        return full and (path is None or (said.resource or "").endswith(f":::{path[0].removeprefix('s3://')}"))

    denials = [each for each in found if isinstance(each, Denial)]
    bare = [
        each
        for each in denials
        if each.operation == "HeadObject" and each.principal is None and each.stated_reason is None
    ]
    gone = [each for each in bare if any(same_object(each, said) for said in denials if said not in bare)]
    return [each for each in found if each not in gone]


_TITLE = regex(r"[\w.:# ]{0,120}?(?P<code>[A-Z][A-Za-z]{4,60}?)(?:Exception|Error|Fault)?\s*:?\s*")


def _is_title(failure: Failure, found: list[Failure]) -> bool:
    """Whether the record is an error's code alone, which another failure of the text has with its sentence."""
    if not isinstance(failure, OtherFailure) or not (title := _TITLE.fullmatch(failure.text.strip())):
        return False
    return any(other is not failure and (other.code or "").startswith(title["code"]) for other in found)


def _facts(failure: Failure) -> dict[str, object]:
    if isinstance(failure, OtherFailure):
        return {}
    names = (
        (
            "principal",
            "action",
            "resource",
            "operation",
            "stated_reason",
            "policy_arn",
            "missing_action",
            "encoded_message",
            "authorization_id",
            "service",
        )
        if isinstance(failure, Denial)
        else ("entity_type", "name", "operation", "owner_stack", "path")
    )
    return {name: value for name in names if (value := getattr(failure, name)) is not None}


def _looks_binary(text: str) -> bool:
    head = text[:4000]
    odd = sum(1 for letter in head if letter == "\ufffd" or (letter < " " and letter not in "\n\r\t\x1b\x08\x0b\x0c"))
    return odd > len(head) * 0.1


def _kind_of_text(text: str) -> str:
    if re.match(r"\s*(?:\S{1,60}[\s:=]{1,3})?\[(?:token|SAML response)\]", text[:200]):
        return "a token, not an error"
    if re.match(r"\s*(?:Bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$", text[:20_000]):
        return "a token (JWT), not an error"
    if re.match(r"\s*(?:Bearer\s+)?eyJ[\w-]{8,}", text[:200]):
        return "a token (JWT) that is cut off or broken: its three parts are base64url with dots between"
    if re.match(r"\s*\{\s*\"Version\"\s*:\s*\"20\d\d-", text[:200]):
        return "a policy document, not an error"
    if asks_only(text):
        return "a question, not an error"
    return "no known error"
