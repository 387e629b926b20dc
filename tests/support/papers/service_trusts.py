"""The trust of every service that Create lists, as a Markdown table: service, page, trust, conditions.

``python -m tests.support.papers.service_trusts``
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iam.creation.recipes.recipe import AccountFacts, as_list
from iam.creation.recipes.table import trust_recipe
from iam.facts.service_roles.table import SERVICE_ROLES

FACTS = AccountFacts("111122223333")


def rows() -> Iterator[tuple[str, str, str, str]]:
    for each in SERVICE_ROLES:
        (statement,) = trust_recipe("service").statements({"service": each.id}, FACTS)
        trusted = ", ".join(as_list(statement["Principal"]["Service"]))
        actions = ", ".join(as_list(statement["Action"]))
        yield each.title, each.url, f"{trusted}: {actions}", _conditions(statement)


def _conditions(statement: dict[str, Any]) -> str:
    found = [
        f"{key} {operator} {', '.join(as_list(value))}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    ]
    return "; ".join(found) or "none"


def main() -> None:
    print("| service | page | trust | conditions |\n| --- | --- | --- | --- |")
    for row in rows():
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
