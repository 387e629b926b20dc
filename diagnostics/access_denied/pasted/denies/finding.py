"""Explain the Deny statement of a pasted policy that denies the request: its scope and the decisive value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from diagnostics.access_denied.pasted.condition_mistakes import out_of_form
from diagnostics.access_denied.pasted.denies.bucket_policies import OF_BUCKET_POLICY, change_as_root
from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.exemptions import is_by_assume_root
from diagnostics.access_denied.pasted.denies.fix import fix_of_deny
from diagnostics.access_denied.pasted.denies.passing_values import is_negated
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.principal_arns import misnamed
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.tool_settings_for_condition_keys import settings_of_tool
from iam.claims import Keys, Source
from iam.facts.deployed_policies import DEPLOYED
from iam.policy.explain import DenyingStatement, MetCondition
from iam.policy.operators import operator
from iam.policy.request import Request
from iam.policy.words import holding
from iam.words import joined, listing


def denied(
    denials: Sequence[DenyingStatement],
    request: Request,
    word: str,
    keys: Keys,
    others: Sequence[str] = (),
    text: str = "",
) -> Finding:
    """Return the finding on the first of the statements that deny the request.

    ``others`` are clauses about further Deny statements that may deny the request next. ``text`` shows which tool made
    the call.
    """
    first = denials[0]
    deny = Deny(first, request, word, keys, by_assume_root=is_by_assume_root(text))
    action = request.action
    said = f"{deny.which} denies {action}{_scope(deny.covers)}"
    if first.conditions:
        said += f" where {joined(map(_held, first.conditions))}"
    absent = tuple(each.key for each in first.conditions if each.had is None)
    excepts = [each for each in first.conditions if is_negated(each)]
    arn = next(filter(None, (misnamed(each, request, word) for each in excepts)), None)
    if arn is not None:
        said += f"; {arn.problem}"
        absent = ()
    odd = out_of_form(((each.operator, each.key, each.wanted) for each in first.conditions), negated=True)
    if arn is None and odd is not None:
        said += f"; {odd.why}, so the statement denies every request"
        absent = ()
    gone = [keys[each.key] for each in first.conditions if each.had == () and each.key in keys]
    why = gone[0].read_from if gone else ""
    more = (f" {why[0].upper()}{why[1:]}." if gone[0].source is Source.DEFAULT else f" Here {why}.") if why else ""
    never = bool(gone) and all(each.source is Source.DEFAULT for each in gone)
    further = f" {' '.join(others)}" if others else ""
    own: Fix | None
    if arn is not None:
        own = arn.fix
    elif odd is not None:
        own = odd.fix(deny.which, deny.owner)
    else:
        own = fix_of_deny(replace(deny, never=never))
    of_an_api = word == "resource" and action.lower().startswith("execute-api:")
    if of_an_api and own is not None and isinstance(own.change, Note):
        own = replace(own, change=replace(own.change, text=f"{own.change.text} {DEPLOYED}"))
    asked = [(each.operator, each.key) for each in first.conditions]
    setting = settings_of_tool(asked, text) if arn is None and odd is None else ""
    if setting and own is not None and isinstance(own.change, Note):
        own = replace(own, change=replace(own.change, text=f"{setting} {own.change.text}"))
    of_nobody = arn is not None and arn.of_nobody and len(first.conditions) == 1
    as_root = change_as_root(first, request, word, of_nobody=of_nobody)
    writes = request.action.lower() in OF_BUCKET_POLICY
    shown = first.sentence.replace(" (here no value is known)", "")
    evidence = Evidence(shown, word, statement=first.statement, sid=first.sid, document=first.policy.document)
    return Finding(
        f"{word}.explicit-deny",
        said,
        f"In the text's policy, {said}.{more}{further}",
        (evidence,),
        absent,
        fix=own if as_root is None else as_root if writes else own,
        further=() if as_root is None else tuple(filter(None, (own if writes else as_root,))),
    )


def _scope(covers: Mapping[str, Sequence[str]]) -> str:
    """Return a Deny's exceptions, as words that follow the action."""
    words = ""
    if "NotAction" in covers:
        words += f" (it denies every action except {listing(covers['NotAction'])})"
    if "NotResource" in covers:
        words += f" on everything except {listing(covers['NotResource'])}"
    if "NotPrincipal" in covers:
        words += f" for everyone except {listing(covers['NotPrincipal'])}"
    return words


def _held(condition: MetCondition) -> str:
    """Return a phrase for when the condition is met, with the request's value if that is known and adds information."""
    words = holding(condition.operator, condition.key, condition.wanted)
    parts = operator(condition.operator)
    if condition.had == ():
        return f"{words} (the request does not have it)"
    if condition.had is None:
        return f"{words}, or is missing" if parts is not None and parts.negated and parts.without_key else words
    return f"{words} (here it is {listing(condition.had)})" if parts is not None and parts.negated else words
