"""The role that is being thought out: what was answered, and the policies and the spec that follow.

Answers are texts by field id: ``trust.github.organization``, ``perm.0.read-bucket.bucket``, ``name``, ``tags.0`` …
Answers of choices that were left stay, so that coming back finds them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from iam.account import InlinePolicy, Role
from iam.changes.plan import document_text
from iam.creation.action_table import ActionTable
from iam.creation.recipes.recipe import AccountFacts, CheckedAnswers, Recipe, RecipeError
from iam.creation.recipes.table import permission_recipe, trust_recipe
from iam.creation.spec import RoleSpec
from iam.policy.document import Document, PolicyError
from iam.policy.named_principals import principals
from screens.create.builder import BUILT, built_document, built_place
from screens.create.builder import NAME as BUILT_NAME
from screens.widgets.form.form import list_values

CUSTOM = "custom"
NONE = "none"
MOST_RECIPES = 6


@dataclass(frozen=True, slots=True)
class ChosenRecipe:
    """One of the recipes of the permissions: its place in the form, and the answers to its questions."""

    slot: int
    recipe: Recipe
    answers: Mapping[str, str]

    def field_id(self, key: str) -> str:
        return f"perm.{self.slot}.{self.recipe.id}.{key}"


@dataclass
class Draft:
    """``copied`` is the role that permissions are taken from, ``table`` what statements are judged by, once each was
    read."""

    values: dict[str, str] = field(default_factory=dict)
    copied: Role | None = None
    table: ActionTable | None = None

    def get(self, id: str, default: str = "") -> str:
        return self.values.get(id, "").strip() or default

    # Who may assume it

    @property
    def kind(self) -> str:
        """The id of the trust recipe, or ``custom``."""
        return self.get("trust.kind", "service")

    @property
    def trust_answers(self) -> dict[str, str]:
        """Those of the questions that matter."""
        answers = self._answers(f"trust.{self.kind}.")
        if self.kind == CUSTOM:
            return answers
        asked = {question.key for question in trust_recipe(self.kind).asked(answers)}
        return {key: answer for key, answer in answers.items() if key in asked}

    def _answers(self, prefix: str) -> dict[str, str]:
        return {
            key.removeprefix(prefix): value.strip()
            for key, value in self.values.items()
            if key.startswith(prefix) and value.strip()
        }

    def trust(self, facts: AccountFacts) -> Document:
        """The trust policy. Raises `RecipeError`."""
        if self.kind == CUSTOM:
            return Document(self.values.get("trust.custom", ""))
        return trust_recipe(self.kind).document(self.trust_answers, facts)

    def trust_so_far(self, facts: AccountFacts) -> tuple[Document | None, str]:
        """The trust policy with ``<question>`` in place of answers that are still wanted, or why there is none."""
        if self.kind == CUSTOM:
            text = self.values.get("trust.custom", "")
            return (Document(text), "") if text.strip() else (None, "The trust policy that is typed or pasted.")
        recipe, answers = trust_recipe(self.kind), self.trust_answers
        for question in recipe.questions:
            if question.required and not answers.get(question.key) and not question.default:
                answers[question.key] = f"<{question.label.lower()}>"
        try:
            statements = recipe.make(CheckedAnswers(answers, {each.key: each for each in recipe.questions}), facts)
        except RecipeError as error:
            wanted = next((each for each in recipe.questions if each.key == error.key), None)
            if wanted is not None and not self.trust_answers.get(error.key):
                return None, f"The trust policy shows here once {wanted.label.lower()} is told."
            return None, str(error)
        return Document(document_text({"Version": "2012-10-17", "Statement": statements})), ""

    def principals(self, facts: AccountFacts) -> tuple[str, ...]:
        """Who may assume it, as the trust policy names them; nobody while it is not whole."""
        try:
            return tuple(dict.fromkeys(value for _, value in principals(self.trust(facts))))
        except RecipeError:
            return ()

    def trust_place(self, value: str) -> str:
        """The field in which a part of the trust policy was told."""
        if self.kind == CUSTOM:
            return "trust.custom"
        told = (key for key, answer in self.trust_answers.items() if value and (value in answer or answer in value))
        key = next(told, "")
        return f"trust.{self.kind}.{key}" if key else "trust.kind"

    @property
    def for_ec2(self) -> bool:
        """Whether EC2 is to take the role: then it needs an instance profile."""
        if self.kind == "service":
            return self.get("trust.service.service").lower() in ("ec2", "ec2.amazonaws.com")
        if self.kind != CUSTOM:
            return False
        try:
            statements = Document(self.values.get("trust.custom", "")).unplaced_statements
        except PolicyError:
            return False
        return any(
            value == "ec2.amazonaws.com"
            for each in statements
            for kind, value in each.principal or ()
            if kind == "Service"
        )

    # What it may do

    @property
    def recipes(self) -> tuple[ChosenRecipe, ...]:
        found = []
        for slot in range(MOST_RECIPES):
            chosen = self.get(f"perm.recipe.{slot}", NONE)
            if chosen == NONE:
                continue
            recipe = permission_recipe(chosen)
            keys = {question.key for question in recipe.questions}
            answers = {k: v for k, v in self._answers(f"perm.{slot}.{chosen}.").items() if k in keys}
            found.append(ChosenRecipe(slot, recipe, answers))
        return tuple(found)

    @property
    def attached(self) -> tuple[str, ...]:
        """ARNs as typed, and those of the copied role."""
        copied = (each.arn for each in self.copied.attached or ()) if self.copied else ()
        return tuple(dict.fromkeys((*list_values(self.values, "perm.managed"), *copied)))

    def inline(self, facts: AccountFacts) -> tuple[InlinePolicy, ...]:
        """Policies of the copied role, recipes, statements, and the one that was pasted. Raises `RecipeError`."""
        return tuple(policy for policy, _ in self.inline_places(facts))

    def inline_places(self, facts: AccountFacts) -> list[tuple[InlinePolicy, str]]:
        """Each inline policy with the field that it comes from; `BUILT` for that of the statements. Raises
        `RecipeError`."""
        found = [(each, "perm.copy") for each in (self.copied.inline or () if self.copied else ())]

        def free(name: str) -> str:
            return _free_name(name, {policy.name for policy, _ in found})

        for chosen in self.recipes:
            document = chosen.recipe.document(chosen.answers, facts)
            name = free(chosen.recipe.policy_name or chosen.recipe.id)
            found.append((InlinePolicy(name, document), chosen.field_id(chosen.recipe.questions[0].key)))
        statements = built_document(self.values, self.table)
        if statements is not None:
            found.append((InlinePolicy(self.get(BUILT_NAME) or free("statements"), statements), BUILT))
        text = self.values.get("perm.json", "")
        if text.strip():
            found.append((InlinePolicy(self.get("perm.json.name") or free("permissions"), Document(text)), "perm.json"))
        return found

    def inline_place(self, name: str, line: int, facts: AccountFacts) -> str:
        """The field that a line of an inline policy comes from. Raises `RecipeError`."""
        place = next((place for policy, place in self.inline_places(facts) if policy.name == name), "perm.recipe.0")
        return built_place(self.values, self.table, line) if place == BUILT else place

    def attached_place(self, arn: str) -> str:
        """The field that a managed policy was chosen in."""
        chosen = (key for key, text in self.values.items() if key.startswith("perm.managed.") and text.strip() == arn)
        copied = self.copied is not None and arn in (each.arn for each in self.copied.attached or ())
        return next(chosen, "perm.copy" if copied else "perm.managed.0")

    # What it is called

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Pairs as typed: ``key=value``."""
        return tuple(pair_of(text) for text in list_values(self.values, "tags"))

    @property
    def session_seconds(self) -> int | None:
        """None where what was typed is no time."""
        return seconds_of(self.get("session", "1 h"))

    @property
    def profile(self) -> str | None:
        """The name of the instance profile; None for none."""
        if not self.for_ec2 or self.get("profile", "same") == NONE:
            return None
        chosen = self.get("profile", "same")
        return self.get("name") or None if chosen == "same" else chosen

    def spec(self, facts: AccountFacts) -> RoleSpec:
        """Raises `RecipeError` where an answer is missing or wrong."""
        return RoleSpec(
            name=self.get("name"),
            trust=self.trust(facts),
            path=self.get("path", "/"),
            description=self.values.get("description", ""),
            tags=dict(self.tags),
            max_session_seconds=self.session_seconds or 0,
            boundary_arn=self.get("boundary") or None,
            inline=self.inline(facts),
            attached=self.attached,
            instance_profile=self.profile,
        )

    def take(self, role: Role) -> None:
        """Start from an existing role: everything of it but its name (`iam.creation.spec.spec_like` says what)."""
        self.values = {
            "trust.kind": CUSTOM,
            "trust.custom": role.trust.text if role.trust else "",
            "perm.copy": role.name,
            "path": "/" if role.service_owned else role.path,
            "description": role.description or "",
            "session": hours(role.max_session_seconds or 3600),
            "boundary": role.boundary_arn or "",
            "profile": "same" if role.instance_profiles else NONE,
        }
        tags = {key: value for key, value in (role.tags or {}).items() if not key.lower().startswith("aws:")}
        self.values |= {f"tags.{number}": f"{key}={value}" for number, (key, value) in enumerate(tags.items())}
        self.copied = role if role.has_details else None


def _free_name(name: str, held: Collection[str]) -> str:
    number, found = 2, name
    while found in held:
        found, number = f"{name}-{number}", number + 1
    return found


def pair_of(text: str) -> tuple[str, str]:
    """A tag as it is typed, ``key=value``."""
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


_TIME = re.compile(r"(\d{1,6})\s*(h|hours?|m|min|minutes?|s|sec|seconds?)?", re.IGNORECASE)


def seconds_of(text: str) -> int | None:
    """``2``, ``2 h``, ``90 min``, ``5400 s``, ``5400``: a bare number up to 12 means hours, else seconds."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    number, unit = int(match[1]), (match[2] or "").lower()[:1]
    if not unit:
        unit = "h" if number <= 12 else "s"
    return number * {"h": 3600, "m": 60, "s": 1}[unit]


def hours(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s"
