"""Facts about a denial that is truncated within its action, or before its action or its reason."""

from __future__ import annotations

from diagnostics.failure import CUT, Denial
from diagnostics.text.read.author.granted import allowed_by
from diagnostics.text.read.messages.cut_off import cut_in_caller, cut_sentence
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services
from iam.words import listing


def cut_off(denial: Denial) -> str:
    """Return the facts about a denial that is truncated within or before its action; "" for a complete denial."""
    what = denial.action or ""
    if what.endswith(CUT):
        missing = "the reason" if denial.resource else "the resource and the reason"
        return f"The line is cut off: {cut_words(what)}. Get the full line: {missing} may be in the missing part."
    if (begun := cut_in_caller(denial)) is not None:
        return begun.sentence
    if cut_short := cut_before_the_action(denial):
        return cut_short
    if denial.operation and cut_sentence(denial) and not _is_allowed(denial):
        return (
            "Get the full message before you change a policy: this message is cut off before its action, its "
            f"resource and its reason. AWS refused {denial.operation}, perhaps for another action that the "
            "operation needs."
        )
    return ""


def _is_allowed(denial: Denial) -> bool:
    """Whether the text says that a policy allows the action of the refused operation."""
    action = denial.action or action_for(denial.operation or "")
    return bool(action and allowed_by(action, denial.pasted or denial.text))


def cut_words(action: str) -> str:
    """Return what is known about a truncated action."""
    begins = action.removesuffix(CUT)
    service, _, name = begins.partition(":")
    known = action_names(service.lower()) if service.lower() in services() else {}
    fitting = [f"{service}:{each}" for each in known.values() if each.lower().startswith(name.lower())]
    if len(fitting) == 1:
        return f"the action begins with {begins}, as only {fitting[0]} does"
    if 1 < len(fitting) <= _FEW:
        return f"the action begins with {begins}, as {listing(fitting)} do"
    return f"the action begins with {begins}"


_FEW = 4


REASON_CUT = (
    ", and the text is cut off before its reason. Get the rest of the message first: “because no identity-based "
    "policy allows” at its end means that an Allow is missing, “with an explicit deny in a … policy” means that an "
    "Allow cannot help"
)


_ENDS_EARLY = regex(
    r"is not authorized to(?: p(?:e(?:r(?:f(?:o(?:rm?)?)?)?)?)?)?(?:: ?(?P<begun>[a-z][a-z0-9-]{0,25}))?:?"
    r"[ \t]*(?:…|\.{3})?[ \t]*(?:\r?\n|$)"
)


_GOES_ON = regex(r"\s*(?:the|these|this|any|some|all|following|required|actions?|operations?)\b")


_BEGUN_ARN = regex(r"\bresource: [\"'`]?(?P<arn>arn:[\w-]+:[\w-]+:\S*[\w/*-])")


def cut_before_the_action(denial: Denial) -> str:
    """Return the facts about a denial that is truncated before or within its action; "" if it names the call."""
    if denial.action or denial.operation or denial.stated_reason or denial.claims_trust:
        return ""
    text = denial.pasted or denial.text
    if (found := _ENDS_EARLY.search(text)) is None:
        return ""
    begun = found["begun"] or ""
    if not begun and _GOES_ON.match(text, found.end()):
        return ""  # the next line names the actions
    fitting = [each for each in services() if begun and each.startswith(begun)]
    of = f", as those of {fitting[0]} do" if len(fitting) == 1 else ""
    first = f"the action, which begins with {begun}{of}" if begun else "the action"
    arn = _BEGUN_ARN.search(text)
    on = f" {arn['arn']} may be cut off, too." if arn else ""
    return (
        f"The message is cut off: its reason and {first} are missing.{on} Get the full message before you write a "
        "policy, because the reason may also be a Deny, which no Allow changes."
    )
