"""What a recipe is: questions, and a policy made from the answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from iam.account import Account
from iam.changes.plan import document_text
from iam.policy.document import Document

Answers = Mapping[str, str]
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What recipes know of the account. ``region`` is the one in use."""

    account_id: str
    partition: str = "aws"
    region: str = "us-east-1"
    organization_id: str | None = None

    @classmethod
    def of(cls, account: Account) -> AccountFacts:
        organization = account.organization.id if account.organization else None
        return cls(account.id, account.partition, account.region or "us-east-1", organization)

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """An ARN of this account, in the region in use unless told otherwise (empty: a global service)."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{where}:{self.account_id}:{resource}"


class RecipeError(ValueError):
    """Answers that make no policy. ``str()`` is one sentence; ``key`` names the question."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True, slots=True)
class RecipeQuestion:
    """One answer that a recipe wants. Answers are texts; ``several`` takes them separated by commas or line ends.

    ``choices`` lists what may be answered, and ``explained`` when to take each; ``complete`` what to complete with
    (``oidc-provider``, ``saml-provider``, ``account``, ``service``, ``bucket``, ``table`` …), ``pattern`` a regular
    expression that an answer matches whole. ``when`` names another question and its answers with which alone this one
    is asked.
    """

    key: str
    label: str
    help: str = ""
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    complete: str = ""
    pattern: str = ""
    several: bool = False
    when: tuple[str, ...] = ()

    def fault(self, answer: str) -> str | None:
        """What is wrong with an answer, in one sentence, or None."""
        values = self.values(answer)
        if not values:
            return f"{self.label} is required." if self.required and not self.default else None
        if len(values) > 1 and not self.several:
            return f"{self.label} accepts only one value."
        for value in values:
            if self.choices and value not in self.choices:
                return f"{self.label} must be one of {', '.join(self.choices)}."
            if self.pattern and not re.fullmatch(self.pattern, value):
                return f"{value[:60]} is not valid for {self.label}: expected {self.help or self.pattern}."
            if any(not char.isprintable() for char in value):
                return f"{self.label} contains a character that cannot be printed."
        return None

    def values(self, answer: str) -> tuple[str, ...]:
        parts = re.split(r"[,\n]", answer) if self.several else [answer]
        return tuple(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """The answers to a recipe's questions, checked."""

    answers: Mapping[str, str]
    questions: Mapping[str, RecipeQuestion]

    def __getitem__(self, key: str) -> str:
        """The answer, its default, or an empty text."""
        return self.answers.get(key, "").strip() or self.questions[key].default

    def all(self, key: str) -> tuple[str, ...]:
        return self.questions[key].values(self[key])


Make = Callable[[CheckedAnswers, AccountFacts], list[Statement]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A policy from answers. ``group`` sorts recipes in lists; ``note`` is what to know before choosing it.

    ``promises`` gives (action, resource) pairs that a role with this policy may do, and ``forbids`` one that it may
    not: what is tried when the role is there.
    """

    id: str
    title: str
    group: str
    questions: tuple[RecipeQuestion, ...]
    make: Make
    note: str = ""
    policy_name: str = ""
    forbidden: tuple[str, str] | None = None
    keywords: tuple[str, ...] = field(default=())

    def asked(self, answers: Answers) -> tuple[RecipeQuestion, ...]:
        """The questions that matter with these answers."""
        defaults = {question.key: question.default for question in self.questions}

        def matters(question: RecipeQuestion) -> bool:
            other, *wanted = question.when or ("",)
            return not other or (answers.get(other) or defaults.get(other, "")) in wanted

        return tuple(question for question in self.questions if matters(question))

    def given(self, answers: Answers) -> CheckedAnswers:
        """Raises `RecipeError` for the first answer that is wrong."""
        known = {question.key: question for question in self.questions}
        for key in answers:
            if key not in known:
                import difflib

                near = difflib.get_close_matches(key, known, 1)
                meant = f"did you mean {near[0]}?" if near else f"its fields are {', '.join(known)}."
                raise RecipeError(key, f"{self.title} has no field {key}: {meant}")
        for question in self.questions:
            if fault := question.fault(answers.get(question.key, "")):
                raise RecipeError(question.key, fault)
        return CheckedAnswers(answers, known)

    def statements(self, answers: Answers, facts: AccountFacts) -> list[Statement]:
        """Raises `RecipeError`."""
        return self.make(self.given(answers), facts)

    def document(self, answers: Answers, facts: AccountFacts) -> Document:
        """The policy, laid out to be read. Raises `RecipeError`."""
        return document_of(self.statements(answers, facts))

    def promises(self, answers: Answers, facts: AccountFacts) -> tuple[tuple[str, str], ...]:
        """(action, resource) of everything that the policy names, for trying it. Raises `RecipeError`."""
        found = []
        for statement in self.statements(answers, facts):
            for action in as_list(statement["Action"]):
                for resource in as_list(statement.get("Resource", "*")):
                    found.append((action, resource))
        return tuple(found)


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def document_of(statements: list[Statement]) -> Document:
    return Document(document_text({"Version": "2012-10-17", "Statement": statements}))


def one_or_many(values: tuple[str, ...] | list[str]) -> str | list[str]:
    """One value as a text, several as a list: as people write them."""
    return values[0] if len(values) == 1 else list(values)
