"""The statements behind an answer to "who can", in words and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagnostics.access_tree import AccessTree, TreeQuestion
from diagnostics.assume import Assumer, MayAssume
from iam.foreign_text import visible
from iam.policy.layer import Layer
from iam.policy.unknown_keys import Judged
from iam.policy.words import wish

LIMITS = (Layer.BOUNDARY, Layer.SCP, Layer.RCP)
"""Layers that must also allow a request, but whose Allow statements grant nothing by themselves."""


def granting(one: Assumer) -> tuple[Judged, ...]:
    """Return the Allow statements in identity, resource and trust policies."""
    return tuple(each for each in one.statements if each.layer not in LIMITS)


def deciding(one: Assumer) -> tuple[Judged, ...]:
    """Return the statements to show: those that grant access, limits that depend on something, and Deny statements."""
    limits = (each for each in one.statements if each.layer in LIMITS)
    return (
        *granting(one),
        *(each for each in limits if not each.certain or each.layer is Layer.BOUNDARY),
        *one.unless,
    )


def edge_lines(one: Assumer) -> Iterator[str]:
    """Yield a line for each statement: first those that grant the access, then those that may deny it."""
    for statement in deciding(one):
        if statement in one.unless:
            continue
        verb = "within" if statement.layer in LIMITS else "by"
        yield f"{verb} {statement_name(statement)}{conditions_suffix(statement)}"
    for statement in one.unless:
        yield f"unless denied by {statement_name(statement)}{conditions_suffix(statement)}"


def hop_json(role: Assumer, one: Assumer) -> dict[str, Any]:
    """Return a role and a principal that may assume it in the JSON format of ``who-can --hops``."""
    return {
        "role": role.arn,
        "arn": one.arn,
        "who": one.title,
        "may": one.answer.value,
        "note": one.note,
        "step": one.step,
        "gives": one.gives,
        "granted_by": [statement_json(each) for each in granting(one)],
        "limited_by": [statement_json(each) for each in one.statements if each.layer in LIMITS],
        "unless": [statement_json(each) for each in one.unless],
    }


def tree_json(tree: AccessTree, question: TreeQuestion) -> dict[str, Any]:
    """Return the complete tree as JSON: its roots, and every step behind them. May block."""
    start = Assumer(str(question), MayAssume.YES, arn=question.resource)
    return {
        "question": str(question),
        "roots": [hop_json(start, one) for one in tree.roots],
        "hops": [hop_json(*hop) for hop in tree.hops()],
        "complete": tree.answer.complete,
    }


def tree_text(tree: AccessTree, question: TreeQuestion) -> str:
    """Return the complete tree as text, each step with its statements. May block."""
    lines = [str(question)]
    for one in tree.roots:
        lines += _edge_text(one)
    last = None
    for role, one in tree.hops():
        if role is not last:
            into = f"Who can use {role.title}" if tree.ways is not None else f"Who may assume {role.title}"
            lines += ["", f"{role.title} reaches" if tree.reach else into]
            last = role
        lines += _edge_text(one)
    return "\n".join(map(visible, lines)) + "\n"


def _edge_text(one: Assumer) -> Iterator[str]:
    step = f"  {one.step}" if one.step else ""
    yield f"  {one.title}{step}" + (f"  {one.answer}: {one.note}" if one.note else "")
    if one.gives:
        yield f"      {one.gives}"
    yield from (f"      {line}" for line in edge_lines(one))


def statement_json(one: Judged) -> dict[str, Any]:
    """Return the statement in the JSON format of ``who-can``."""
    return {
        "layer": one.layer.value,
        "policy": one.policy.name,
        "arn": one.policy.arn,
        "statement": one.statement,
        "sid": one.sid,
        "line": one.policy.document.statement_span(one.statement).first_line,
        "conditions": [
            {
                "operator": block.operator,
                "key": block.key,
                "values": list(block.values),
                "text": wish(block.operator, block.key, block.values),
            }
            for block in one.conditions
        ],
        "variables": list(one.variables),
        "in_part": one.in_part,
    }


_LAYERS = {
    Layer.IDENTITY: "",
    Layer.RESOURCE: "",
    Layer.BOUNDARY: "boundary ",
    Layer.SCP: f"{Layer.SCP.policy} ",
    Layer.RCP: f"{Layer.RCP.policy} ",
}


def statement_name(statement: Judged) -> str:
    """Return the statement's policy and number: ``app-assets-write, statement 2 (Write)``."""
    sid = f" ({statement.sid})" if statement.sid else ""
    return f"{_LAYERS.get(statement.layer, '')}{statement.policy.name}, statement {statement.statement + 1}{sid}"


def conditions_suffix(statement: Judged) -> str:
    """Return the statement's unknown conditions: ``: if aws:SourceIp is in 10.0.0.0/8``; "" if there are none."""
    wishes = [wish(block.operator, block.key, block.values) for block in statement.conditions]
    wishes += [f"{key} to have a value that matches the resource" for key in statement.variables]
    wishes += ["the resource not to be an excluded resource"] if statement.in_part else []
    return f": if {_means(wishes)}" if wishes else ""


def _means(wishes: list[str]) -> str:
    """Return the conditions that the engine requires, phrased as facts: ``aws:SourceIp is in 10.0.0.0/8``."""
    facts = []
    for text in wishes:
        for asked, fact in _FACTS:
            if asked in text:
                text = text.replace(asked, fact, 1)
                break
        facts.append(text)
    return " and ".join(facts)


_FACTS = (
    (" not to be ", " is not "),
    (" not to match ", " does not match "),
    (" to be ", " is "),
    (" to match ", " matches "),
    (" to have ", " has "),
)
