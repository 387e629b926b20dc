"""Pages that are made from the program's own rows: rules, ways to administrator, programs, words."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.glossary import TERMS
from diagnostics.review.escalation.ways import OF_USERS, PASSING, RUNNING
from diagnostics.review.rules.table import ENTRIES
from diagnostics.tools import Tool
from iam.facts.workloads import WORKLOAD_KINDS
from iam.risks.exposure import SEVERITIES, Reach
from tests.support.papers.manual.page import Page, table

_PATHFINDING = "https://pathfinding.cloud/paths"
_TITLES = {kind.id: kind.title for kind in WORKLOAD_KINDS}


def pages() -> Iterator[Page]:
    for name, title, words, lines in (
        (
            "rules",
            "Rules of the review",
            "What `rolescope review` looks for; `--rule ID` asks for one.",
            _rules,
        ),
        (
            "escalations",
            "Ways to administrator",
            "What `escalation.path` looks for: actions that together give the rights of another role or user. A way "
            "counts only where the caller may do all of it under its boundary, guardrails and conditions.",
            _escalations,
        ),
        (
            "programs",
            "Programs",
            "What runs with roles and is read for the review, and the tools that declare roles.",
            _programs,
        ),
        (
            "words",
            "Words",
            "What the words on the screens mean; `K` adds an example of the account.",
            _words,
        ),
    ):
        yield Page(name, "\n".join((f"# {title}", "", words, "", *lines(), "")))


def _link(page: str) -> str:
    return f"[AWS]({page})" if page else ""


def _rules() -> Iterator[str]:
    yield from (
        *("## How grave an entry is", ""),
        "How grave it is that somebody from outside gets into a role: who that is, by what the role finally may.",
        "",
    )
    yield from table(
        ("who gets in", *(f"the role {each}" for each in Reach)),
        [(str(who), *(each.value for each in row)) for who, row in SEVERITIES.items()],
    )
    yield ""
    for entry in ENTRIES:
        rule = entry.rule
        yield from (f"## {rule.id}", "", f"{rule.title[:1].upper()}{rule.title[1:]}.", "")
        yield from table(
            ("severity", "page", "needs to be read"), [(rule.severity.value, _link(rule.page), ", ".join(entry.needs))]
        )
        yield ""


def _escalations() -> Iterator[str]:
    def id_link(id: str) -> str:
        return f"[{id}]({_PATHFINDING}/{id})" if id else ""

    yield from ("## A new program with another role", "", "Each needs `iam:PassRole` on the role, too.", "")
    yield from table(
        ("service", "actions", "id", "page"),
        [(way.service, ", ".join(way.actions), id_link(way.id), _link(way.page)) for way in PASSING],
    )
    yield from ("", "## What runs with another role already", "")
    yield from table(
        ("what runs", "actions", "id", "page"),
        [
            (
                _TITLES.get(way.kind, way.kind.replace("-", " ")),
                ", ".join(way.actions),
                id_link(way.id),
                _link(way.page),
            )
            for way in RUNNING
        ],
    )
    yield from ("", "## A user's credentials", "")
    yield from table(("action", "gives", "id"), [(way.action, way.gives, id_link(way.id)) for way in OF_USERS])


def _programs() -> Iterator[str]:
    yield from ("## What runs with roles", "")
    yield from table(
        ("kind", "calls", "page"),
        [(kind.title, ", ".join(call[1] for call in kind.operations()), _link(kind.page)) for kind in WORKLOAD_KINDS],
    )
    yield from ("", "## Tools that declare roles", "", "Recognized in error texts and by tags.", "")
    yield from table(
        ("tool", "takes a role over"),
        [(str(tool), f"`rolescope adopt ROLE --as {tool.form}`" if tool.form else "") for tool in Tool],
    )


def _words() -> Iterator[str]:
    for term in TERMS:
        yield from (f"## {term.title}", "", *term.lines, "")
