"""The failures and conflicts of the demo account as a table in Markdown: ``python -m tests.support.demo.table``.

What each of three callers is told, by the stated reason and without it (in brackets where that differs), beside what is
wanted; then the sentence and the first fix that org-admin gets.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import Diagnosis
from diagnostics.fix_report import proof_of
from iam.foreign_text import markdown_text
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.oracles.check_answers import demo_answers

PEOPLE = ("org-admin", "ben", "carla")


def told(diagnosis: Diagnosis) -> str:
    return f"{diagnosis.verdict.cause} {diagnosis.verdict.confidence.value}"


def lines() -> Iterator[str]:
    answers = {answer.name: answer.diagnosis for answer in demo_answers()}
    wanted = {one.id: (one.cause, one.also) for one in (*FAILURES, *CONFLICTS)}
    yield f"| | wanted | {' | '.join(PEOPLE)} | sentence | first fix | proof |"
    yield f"|{' --- |' * 8}"
    for name, (cause, also) in wanted.items():
        cells = [name, cause]
        for who in PEOPLE:
            found = answers.get(f"{name} stated as {who}") or answers[f"{name} as {who}"]
            bare = answers.get(f"{name} bare as {who}")
            cell = told(found) + (f" [{told(bare)}]" if bare and told(bare) != told(found) else "")
            right = all(
                each.verdict.cause in (cause, *also, *(() if who == "org-admin" else ("unreadable",)))
                for each in (found, bare)
                if each is not None
            )
            cells.append(cell if right else f"**{cell}**")
        first = answers.get(f"{name} stated as org-admin") or answers[f"{name} as org-admin"]
        cells.append(markdown_text(first.verdict.summary))
        cells += [markdown_text(first.fixes[0].title), proof_of(first.fixes[0])] if first.fixes else ["", ""]
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    print("\n".join(lines()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
