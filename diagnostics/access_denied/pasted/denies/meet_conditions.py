"""Advice on the conditions of a Deny statement: correct them, or make a request that does not meet them."""

from __future__ import annotations

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.exemptions import exempting, exemption
from diagnostics.access_denied.pasted.denies.needed_request import chosen_conditions, needed_request_or_exception
from diagnostics.access_denied.pasted.denies.passing_values import inversion, look_alike
from diagnostics.access_denied.pasted.request_tags import outside_of_tags
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.claims import Source
from iam.words import listing


def leave_out_requests_without_the_key(deny: Deny) -> Fix | None:
    """The statement denies requests without a condition key that requests of this kind never have."""
    if not deny.never or not deny.conditions:
        return None
    absent = [each for each in deny.conditions if each.had == ()]
    kinds = listing([f"{each.operator}IfExists" for each in absent if each.operator != "Null"])
    tagged = next(filter(None, (outside_of_tags(each.key, deny.request) for each in absent)), "")
    instead = f", or use {kinds}, which ignores requests without the key" if kinds else ""
    text = (
        "The statement matches every request of this kind, whatever values the caller sets. "
        f"{tagged or f'Limit its Resource to resources that have the key{instead}.'}"
    )
    title = f"Change {deny.which}, so that it does not deny requests without the key"
    return Fix(title, deny.owner, Note(deny.place, text))


def correct_the_inverted_condition(deny: Deny) -> Fix | None:
    """The only condition is inverted, so that it matches the safe calls."""
    wrong = inversion(deny.conditions[0]) if len(deny.conditions) == 1 else ""
    return Fix(f"Correct the condition of {deny.which}", deny.owner, Note(deny.place, wrong)) if wrong else None


def make_a_request_that_passes(deny: Deny) -> Fix | None:
    """The statement has conditions."""
    if not deny.conditions:
        return None
    text = f"{needed_request_or_exception(deny)}{_plain_http(deny)}"
    if (exempt := exempting(chosen_conditions(deny))) is not None:
        text += f" If this caller should be allowed, the statement's owner must add {exemption(exempt)}."
    if alike := next((each for each in deny.conditions if look_alike(each)), None):
        text = f"{(alike.had or ('',))[0]} and {alike.wanted[0]} look alike: find out which of the two is right. {text}"
    return Fix(f"Make a request that {deny.which} does not deny", Who.CALLER, Note(deny.place, text))


def _plain_http(deny: Deny) -> str:
    """Return which setting in the text makes calls without TLS.

    "" if no condition requires TLS, or if the text shows no such setting.
    """
    key = next((each.key for each in deny.conditions if each.key.lower() == "aws:securetransport"), "")
    had = deny.keys.get(key) if key else None
    if had is None or had.source is not Source.COMMAND or "http://" not in had.read_from:
        return ""
    return f" The text has {had.read_from}: write https:// instead. Keep the statement: no permission is missing."
