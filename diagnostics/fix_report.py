"""The fixes of a diagnosis as JSON, as Markdown, and as plain text: what each changes, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from diagnostics.fix import (
    Change,
    Fix,
    FixKind,
    HangsOn,
    Note,
    PolicyChange,
    Revert,
    Together,
    ToolEdit,
    TrustChange,
    UnknownValue,
    UnreadLayer,
)
from diagnostics.words import POLICY_TYPES, is_trust_action, word_of
from iam.claims import nothing_else
from iam.foreign_text import markdown_block, markdown_code, markdown_text, visible
from iam.policy.decision import Outcome
from iam.questions.change.effects import GAINS, LOSSES, AccessEffect, EffectKind
from iam.words import listing, plural

if TYPE_CHECKING:
    from diagnostics.fix import FixPlans
    from iam.changes.plan import Plan


def planned_json(fix: Fix, plans: FixPlans | None, place: int) -> dict[str, Any]:
    document = fix_json(fix)
    if plans is not None:
        document |= _plan_json(plans.alone[place])
        if fix.together is not None and plans.together is not None:
            document["together"] |= _plan_json(plans.together)
    return document


def _plan_json(plan: Plan | str) -> dict[str, Any]:
    """Return the plan as JSON, or the reason in ``no_plan`` if there is none."""
    from iam.changes.export.cli import to_json as plan_json

    return {"plan": None, "no_plan": plan} if isinstance(plan, str) else {"plan": plan_json(plan), "no_plan": None}


def fix_json(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "who": fix.who.value,
        "kind": fix.kind.value,
        "target": fix.target,
        "account": fix.account,
        **_evaluated_json(fix),
        "cautions": list(fix.cautions),
        "in_tool": fix.in_tool and tool_edit_json(fix.in_tool),
        "together": fix.together
        and {
            "count": fix.together.count,
            "verified": fix.together.verified,
            "hangs_on": [hangs_on_json(each) for each in fix.together.hangs_on],
        },
        "forms": [{"scope": form.scope, "title": form.title, **_evaluated_json(form)} for form in fix.forms],
    }


def _change_json(change: Change) -> Any:
    """Return a statement or policy document as JSON, and commands and notes, which may quote documents, as text."""
    match change.change if isinstance(change, Revert) else change:
        case PolicyChange() as change:
            return change.shown
        case TrustChange() as change:
            return change.after.value
    return change.text


def tool_edit_json(edit: ToolEdit) -> dict[str, str]:
    return {"tool": edit.tool, "because": edit.because, "where": edit.where, "text": edit.text}


def _evaluated_json(fix: Fix) -> dict[str, Any]:
    return {
        "change": _change_json(fix.change),
        "verified": fix.verified,
        "hangs_on": [hangs_on_json(each) for each in fix.hangs_on],
        "side_effects": _effects_json(fix),
    }


def _effects_json(fix: Fix) -> dict[str, Any]:
    """Return the effects of a fix as sentences by kind, and as data in ``requests``.

    Each request contains the conditions that must be met and those that must not be met.
    """
    from diagnostics.effect_words import MOST_SHOWN

    return {
        **{kind.value: list(fix.effect_lines(kind)) for kind in EffectKind},
        "complete": fix.effects.complete,
        "requests": [_effect_json(effect) for effect in fix.effects.found[:MOST_SHOWN]],
    }


def _effect_json(effect: AccessEffect) -> dict[str, Any]:
    return {
        "effect": effect.kind.value,
        "principals": list(effect.principals),
        "action": effect.action,
        "resource": effect.witness,
        "conditions": [asdict(block) for block in effect.conditions],
        "unless": [asdict(block) for block in effect.unless],
    }


def hangs_on_json(on: HangsOn) -> dict[str, Any]:
    match on:
        case UnreadLayer(layer, account):
            return {"layer": layer, "account": account}
        case UnknownValue(key):
            return {"key": key}


_THEN = "Then here, if it is urgent:"


def tool_edit_lines(fix: Fix) -> tuple[str, ...]:
    """Return lines with the edit to make first in the tool that declares the role, and the next step.

    The result is empty without such a tool.
    """
    edit = fix.in_tool
    if edit is None:
        return ()
    lines = [tool_edit_sentence(edit), *(f"  {line}" for line in edit.text.splitlines())]
    return (*lines, *([_THEN] if fix.text else []))


def tool_edit_sentence(edit: ToolEdit) -> str:
    """Return a sentence that says where to make the change first, and why: the tool would undo it otherwise."""
    return f"First in {edit.tool} ({edit.because}), which would undo the change: {edit.where}"


def tool_edit_markdown(fix: Fix) -> Iterator[str]:
    """Yield the same as `tool_edit_lines`, as Markdown."""
    if fix.in_tool is not None:
        yield from (markdown_text(tool_edit_sentence(fix.in_tool)), "", *markdown_block(fix.in_tool.text), "")
        if fix.text:
            yield from (_THEN, "")


def fixes_text(fixes: Sequence[Fix], *, with_account: bool) -> Iterator[str]:
    """Yield the lines of a diagnosis's fixes as plain text. ``with_account``: name the account of each."""
    for number, fix in enumerate(fixes, start=1):
        yield from ("", f"FIX {number}  {visible(fix.title)}")
        where = f"   in account: {fix.account}" if with_account and fix.account else ""
        target = f"   on: {visible(fix.target)}" if fix.target else ""
        yield f"  for: {fix.who.value}{where}{target}   {visible(proof_of(fix))}"
        yield from (f"  ! {visible(each)}" for each in fix.cautions)
        yield from (f"  {visible(line)}" for line in tool_edit_lines(fix))
        yield from (f"    {visible(line)}" for line in fix.text.splitlines())


def fixes_markdown(fixes: Sequence[Fix], *, with_account: bool) -> Iterator[str]:
    """Yield the same as `fixes_text`, as Markdown with a heading."""
    yield from ("## Fixes", "")
    for number, fix in enumerate(fixes, start=1):
        yield from (f"### {number}. {markdown_text(fix.title)}", "")
        where = f" in account {fix.account}" if with_account and fix.account else ""
        target = f", on {markdown_code(fix.target)}" if fix.target else ""
        yield from (f"For {fix.who.value}{where}{target}: {markdown_text(proof_of(fix))}.", "")
        yield from (*(f"- {markdown_text(each)}" for each in fix.cautions), *([""] if fix.cautions else []))
        yield from tool_edit_markdown(fix)
        yield from (*markdown_block(fix.text), "")


def proof_of(fix: Fix) -> str:
    """Return a clause that says what was checked about a fix."""
    if fix.together is not None:
        return "; ".join([_together_words(fix.together), *(_effects_in_words(fix) if fix.effects.found else ())])
    changes_policies = fix.after is not None or fix.kind in (FixKind.POLICY_STATEMENT, FixKind.TRUST_POLICY)
    if isinstance(fix.change, Note) and fix.change.informs:
        return "changes nothing"
    if fix.hangs_on:
        else_ = "; its other effects were not checked" if changes_policies and not fix.effects else ""
        return f"evaluated: allowed{_if_words(fix.hangs_on)}{else_}"
    if fix.verified is None:
        return "not evaluated"
    if not fix.verified:
        return f"evaluated: still denied with this alone{_what_else(fix)}"
    if fix.effects:
        return "; ".join(["evaluated: allowed", *_effects_in_words(fix)])
    more = nothing_else("newly allowed", complete=bool(fix.verified))
    return f"evaluated: allowed, {more}" if changes_policies else "evaluated: allowed"


def _what_else(fix: Fix) -> str:
    """Return a clause that says what still denies the request once the fix is made, or "" if unknown."""
    if fix.situation is None:
        return ""
    from iam.policy.evaluate import evaluate
    from iam.service_reference import spelled

    request = fix.situation.request
    decision = evaluate(request, fix.situation.policies)
    if decision.allowed or decision.decided_by is None:
        return ""
    word = word_of(decision.decided_by, trust=is_trust_action(request.action))
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return f": a Deny statement in the {POLICY_TYPES[word]} denies it"
    return f": no {POLICY_TYPES[word]} allows {spelled(request.action)}"


def _together_words(together: Together) -> str:
    needed = "both are needed" if together.count == 2 else f"all {together.count} are needed"
    if together.verified is None and not together.hangs_on:
        return f"not evaluated together; {needed}"
    return f"evaluated together: allowed{_if_words(together.hangs_on)}; {needed}"


def _if_words(hangs_on: tuple[HangsOn, ...]) -> str:
    """Return a clause that says what the result depends on.

    For example: `` if the SCP of account 111122223333 (unread) allows it and aws:SourceIp, unknown here, fits the
    policies``
    """
    allowing: dict[str | None, list[str]] = {}
    denying: dict[str | None, list[str]] = {}
    keys, said = [], []
    for on in hangs_on:
        match on:
            case UnreadLayer(layer, account, need_not_allow):
                by_account = denying if need_not_allow else allowing
                if layer == "boundary":  # a role or user has a boundary, an account has none
                    by_account.setdefault(None, []).append(f"caller's {POLICY_TYPES[layer]}")
                else:
                    by_account.setdefault(account, []).append(POLICY_TYPES[layer])
            case UnknownValue(_, clause) if clause:
                said.append(f"{clause} (unknown here)")
            case UnknownValue(key):
                keys.append("the resource" if key == "resource" else key)
    said = [*_unread_words(allowing, "and"), *dict.fromkeys(said)]
    said += [f"{listing(keys)}, unknown here, {'fits' if len(keys) == 1 else 'fit'} the policies"] if keys else []
    wanted = f" if {listing(said)}" if said else ""
    unless = f" unless {listing(_unread_words(denying, 'or'), 'or')}" if denying else ""
    return f"{wanted},{unless}" if wanted and unless else wanted + unless


def _unread_words(layers: Mapping[str | None, list[str]], joint: str) -> list[str]:
    """Return one clause for each account: ``the boundary and SCP (unread) allow it``.

    If ``joint`` is ``or``: ``the RCP or SCP (unread) denies it``.
    """
    one, several = ("denies", "denies") if joint == "or" else ("allows", "allow")
    return [
        f"the {listing(names, joint)}{f' of account {account}' if account else ''} (unread) "
        f"{one if len(names) == 1 else several} it"
        for account, names in layers.items()
    ]


_MOST_LINES = 6
"""The maximum number of sentences about a fix's other effects. If there are more, the effects are only counted."""


def _counted(fix: Fix, kinds: tuple[EffectKind, ...]) -> str:
    """Summarize widespread effects of a fix as a clause: ``412 actions of 34 services (ec2, kms, s3 and 31 more)``."""
    actions = {effect.action for effect in fix.effects.of(*kinds)}
    services = sorted({action.partition(":")[0] for action in actions})
    named = listing(services, limit=3)
    return f"{plural(len(actions), 'action')} of {plural(len(services), 'service')} ({named}); --json lists them"


def _effects_in_words(fix: Fix) -> Iterator[str]:
    """Yield clauses about what else a fix changes: what is gained, what is lost, and what was not computed."""
    from diagnostics.effect_words import incomplete_words

    for words, kinds in (("also newly allowed", GAINS), ("no longer allowed", LOSSES)):
        if (lines := fix.grouped(kinds)) and len(lines) > _MOST_LINES:
            yield f"{words}: {_counted(fix, kinds)}"
        elif lines:
            yield f"{words}: {', '.join(lines)}"
    if incomplete := incomplete_words(fix.effects):
        yield incomplete
