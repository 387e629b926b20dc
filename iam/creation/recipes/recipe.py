"""The types of recipes: questions, and a policy made from the answers."""

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
    """The facts about an account that recipes use. ``region`` is the current Region."""

    account_id: str
    partition: str = "aws"
    region: str = "us-east-1"
    organization_id: str | None = None

    @classmethod
    def of(cls, account: Account) -> AccountFacts:
        organization = account.organization.id if account.organization else None
        return cls(account.id, account.partition, account.region or "us-east-1", organization)

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """Return an ARN in this account, in the current Region unless ``region`` is given ("" for a global service)."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{where}:{self.account_id}:{resource}"


class RecipeError(ValueError):
    """Raised if no policy can be made from the answers. ``str()`` is one sentence; ``key`` names the question."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True, slots=True)
class RecipeQuestion:
    """A question of a recipe. Answers are texts; ``several`` allows values separated by commas or line breaks.

    ``choices`` lists the valid answers, and ``explained`` says when to choose each. ``complete`` says which completions
    are offered (``oidc-provider``, ``saml-provider``, ``account``, ``service``, ``bucket``, ``table`` …); ``pattern``
    is a regular expression that must match the full answer. ``when`` contains the key of another question and answers
    to it: this question is asked only after one of these answers.
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
        """Return what is wrong with an answer, in one sentence, or None."""
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
    """Valid answers to a recipe's questions."""

    answers: Mapping[str, str]
    questions: Mapping[str, RecipeQuestion]

    def __getitem__(self, key: str) -> str:
        """Return the answer to the question with this key; if there is none, its default, or ""."""
        return self.answers.get(key, "").strip() or self.questions[key].default

    def all(self, key: str) -> tuple[str, ...]:
        return self.questions[key].values(self[key])


Make = Callable[[CheckedAnswers, AccountFacts], list[Statement]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A policy template that is filled from answers.

    ``group`` is the heading under which lists show the recipe; ``note`` is what to know before choosing it. `promises`
    returns (action, resource) pairs that a role with this policy may use, and ``forbidden`` is a pair that it may not
    use: both are tested when the role exists.
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
        """Return the questions that apply, given these answers."""
        defaults = {question.key: question.default for question in self.questions}

        def matters(question: RecipeQuestion) -> bool:
            other, *wanted = question.when or ("",)
            return not other or (answers.get(other) or defaults.get(other, "")) in wanted

        return tuple(question for question in self.questions if matters(question))

    def given(self, answers: Answers) -> CheckedAnswers:
        """Return the answers after checking them. Raises `RecipeError` for the first invalid one."""
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
        """Return the policy's statements. Raises `RecipeError`."""
        return self.make(self.given(answers), facts)

    def document(self, answers: Answers, facts: AccountFacts) -> Document:
        """Return the policy as indented JSON. Raises `RecipeError`."""
        return document_of(self.statements(answers, facts))

    def promises(self, answers: Answers, facts: AccountFacts) -> tuple[tuple[str, str], ...]:
        """Return each pair of action and resource that the policy names, for testing the role. Raises `RecipeError`."""
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
    """Return a single value as a string and several as a list, as most policies do."""
    return values[0] if len(values) == 1 else list(values)
