"""The verdict on a denial that states no reason: which action it names, or what has to be read first."""

from __future__ import annotations

import re

from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.advised import Advised
from diagnostics.text.answer.denial.cut_off import REASON_CUT
from diagnostics.text.answer.denial.identity_policies import who_lacks
from diagnostics.text.answer.denial.named_actions import actions_in_prose, is_had, is_of, names_action, not_had
from diagnostics.text.answer.denial.reason_of_service import own_words
from diagnostics.text.read.messages.additions_to_message import granted_in
from diagnostics.text.read.messages.cut_off import CUT_MESSAGE, resource_is_cut
from diagnostics.words import DECODES
from iam.arn import identity_of
from iam.claims import Ground, confidence
from iam.facts.client_calls import client_call
from iam.lazy_pattern import regex
from iam.services import iam_prefix
from iam.words import listing


def unclear(sentence: str, advice: str = "", *, general: bool = False) -> Verdict:
    """Return the verdict that the text does not show the cause.

    ``general``: the sentence only repeats what was refused. So it does if general advice follows.
    """
    summary = f"{sentence} {advice}".strip()
    return Verdict("unreadable", confidence(Ground.NOTHING), summary, general=general or bool(advice), advice=advice)


def requested(denial: Denial) -> str:
    return denial.action or "the request"


def said_by_service(denial: Denial) -> str:
    """Return the service's own words as the end of a clause.

    For a truncated message, say that the reason is missing.
    """
    if own := own_words(denial):
        return f", and the text says “{own}”"
    return REASON_CUT if resource_is_cut(denial) else ""


def _encoded(denial: Denial) -> Verdict | None:
    """Answer a text with an encoded authorization message, or with what decoding one returned.

    AWS STS API Reference, "DecodeAuthorizationMessage"
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
    """
    what = requested(denial)
    if denial.decoded:
        return unclear(
            f"{what} was refused because no policy allows it, not because of a Deny. The decoded message does not "
            "say which type of policy lacks the Allow."
        )
    if denial.encoded_message:
        return unclear("First decode the encoded message, which contains the reason.")
    if (denial.action or "").lower() == DECODES:
        return unclear(
            f"Ask somebody with this permission to decode the message: {what} was refused. If you allow this "
            "action, the caller can only decode the message; the call in the message stays refused."
        )
    if CUT_MESSAGE.search(denial.text):
        return unclear(
            f"{what} was refused, and the encoded message contains the reason. Get the full message and decode it "
            "first."
        )
    return None


def _operation_only(denial: Denial) -> Verdict | None:
    if not denial.operation or names_action(denial):
        return None
    return unclear(f"The call {denial.operation} was refused{said_by_service(denial)}.", general=True)


def _actions_in_prose(denial: Denial) -> Verdict | None:
    """Answer a text that names actions in sentences of its author or of a program."""
    what, named = denial.action or "The request", actions_in_prose(denial)
    if denial.action is None and named and all(is_had(each, granted_in(denial.text)) for each in named):
        return unclear(
            f"{what} was refused, although the policy in the text has {listing(named)}. Find out which action the "
            "refused call needs."
        )
    by = _SERVICE.search(denial.text)
    if by and named and denial.action is None and not any(is_of(each, by["service"]) for each in named):
        return unclear(f"The request was refused by {by['service']}, as the text says.")
    if denial.operation == "HeadObject" and (sentence := _head_object(denial)) is not None:
        return unclear(sentence.sentence, sentence.advice)
    if wanted := not_had(denial):
        return unclear(f"{what} was refused. The text names {listing(wanted)}.", general=True)
    return None


def _no_action(denial: Denial) -> Verdict | None:
    """Answer a text that names no action at all: which service refused the request, or that none did."""
    if denial.action is not None:
        return None
    if none := _only_denied_in_words(denial.text):
        return unclear(f"No refusal by AWS was recognized in the text: “{none}”.")
    if (by := _REFUSED_BY.search(denial.text) or _before_code(denial.text)) is None:
        return None
    not_named = "does not name the action" if denial.principal else "names neither the caller nor the action"
    said = f"{by['service']} refused the request{said_by_service(denial)}. Its message {not_named}."
    return unclear(said, general=True)


def _refused(denial: Denial) -> Verdict:
    caller = denial.principal or ""
    who = f" for {who_lacks(caller)[0]}" if denial.action and identity_of(caller)[1] else ""
    if together := client_call(denial.action or "", denial.resource or "", denial.pasted or denial.text):
        return unclear(f"{denial.action} was refused{who}{said_by_service(denial)}. {together}")
    return unclear(f"{denial.action or 'The request'} was refused{who}{said_by_service(denial)}.", general=True)


# What the AWS SDKs for Java 1 and 2 print after a service's message.
_REFUSED_BY = regex(r"\(Service: (?:AWS|Amazon )?(?P<service>[A-Z][\w ]{1,30}?)[;,] Status Code: 40[03]\b")


# A service before its error code: "KMS.AccessDeniedException", "SSM: AccessDenied".
_BEFORE_CODE = regex(r"(?<![\w.])(?P<service>[A-Z][A-Za-z0-9]{1,24})(?:\.|:\s+)(?:\w*AccessDenied)(?:Exception)?\b")


def _before_code(text: str) -> re.Match[str] | None:
    return next((each for each in _BEFORE_CODE.finditer(text) if iam_prefix(each["service"])), None)


_NOTHING_DENIED = regex(
    r"\b(?:no(?:thing|where|ne)?|never|without|n't|not)\b[^.,;:\n]{0,40}\baccess ?denied(?: errors?)?\b", re.IGNORECASE
)


_DENIED_WORDS = regex(r"denied|forbidden|unauthori[sz]ed|not authori[sz]ed|refused|\b403\b", re.IGNORECASE)


def _only_denied_in_words(text: str) -> str:
    """Return the words with which the text says that nothing was denied; "" if the text also has a refusal."""
    found = _NOTHING_DENIED.search(text)
    if found is None or _DENIED_WORDS.search(_NOTHING_DENIED.sub("", text)):
        return ""
    return " ".join(found[0].split())


def _head_object(denial: Denial) -> Advised | None:
    from diagnostics.text.answer.object_without_reason import head_object  # few denials are of HeadObject

    return head_object(denial)


# AWS SDK for Java: the service that answered, in brackets after its message.
_SERVICE = regex(r"\(Service: (?P<service>[A-Z]\w+); Status Code: 40[03]; Error Code: \w*(?:Denied|Unauthori[sz]ed)\w*")


WITHOUT_REASON = (_encoded, _operation_only, _actions_in_prose, _no_action, _refused)
"""Rules that are tried in this order; the last always answers."""
