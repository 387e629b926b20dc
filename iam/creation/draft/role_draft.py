"""The draft of a role: the values entered for it, and the policies and the spec made from them.

Answers are kept when a choice makes their questions inapplicable. They return when the choice is reversed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from iam.account import InlinePolicy, Role
from iam.changes.plan import document_text
from iam.creation.draft.places import Place, What, recipe_answer, trust_answer
from iam.creation.draft.rows import (
    MOST_STATEMENTS,
    NONE,
    Rows,
    StatementDraft,
    WrittenStatement,
    place_of_line,
    statements_document,
    written_statements,
)
from iam.creation.recipes.recipe import AccountFacts, CheckedAnswers, Recipe, RecipeError
from iam.creation.recipes.table import permission_recipe, trust_recipe
from iam.creation.spec import RoleSpec, numbered, trusts_ec2
from iam.creation.statements.action_table import ActionTable
from iam.creation.statements.parts import Parts
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.named_principals import principals
from iam.words import with_article

CUSTOM = "custom"
"""The trust kind for a typed trust policy, used in place of a recipe's ID."""
SAME = "same"
"""The choice of an instance profile that has the same name as the role."""
MOST_RECIPES = 6

STATEMENTS = Place(What.STATEMENTS_NAME)
"""The place that represents the policy made of all statements."""

_AS_TYPED = frozenset({What.TRUST_POLICY, What.POLICY, What.DESCRIPTION})


@dataclass
class RecipeDraft:
    """The chosen recipe, or none, and the answers to the questions of every recipe."""

    chosen: str = NONE
    answers: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChosenRecipe:
    """A permission recipe that was chosen, and the answers to its questions."""

    slot: int
    recipe: Recipe
    answers: Mapping[str, str]

    def place(self, key: str) -> Place:
        return recipe_answer(self.slot, self.recipe.id, key)


@dataclass
class RoleDraft:
    """The values as they were typed, without surrounding space.

    ``trust_kind`` is a trust recipe's ID, or `CUSTOM` for ``trust_policy``. ``copied_role`` is the name of the role
    whose permissions are copied, and ``copied`` is that role once it has been read. ``policy`` is a custom policy, as
    JSON. ``profile`` is `SAME`, `NONE`, or a profile's name. ``left_at`` is the place where the cursor was last; None
    if this is unknown, or if the cursor was not in a field. ``table`` is the action table for checking statements, once
    it has been loaded.
    """

    trust_kind: str = "service"
    trust_answers: dict[str, dict[str, str]] = field(default_factory=dict)
    trust_policy: str = ""
    recipe_slots: list[RecipeDraft] = field(default_factory=lambda: [RecipeDraft() for _ in range(MOST_RECIPES)])
    attached_rows: Rows = field(default_factory=dict)
    copied_role: str = ""
    statement_slots: list[StatementDraft] = field(
        default_factory=lambda: [StatementDraft() for _ in range(MOST_STATEMENTS)]
    )
    statements_name: str = ""
    policy_name: str = ""
    policy: str = ""
    name: str = ""
    path: str = ""
    description: str = ""
    session: str = ""
    boundary: str = ""
    tag_rows: Rows = field(default_factory=dict)
    profile: str = SAME
    left_at: Place | None = None
    copied: Role | None = None
    table: ActionTable | None = None

    # By places

    def text(self, place: Place) -> str:
        """Return the text typed or chosen at a place."""
        match place.what:
            case What.TRUST_ANSWER:
                return self.trust_answers.get(place.recipe, {}).get(place.key, "")
            case What.RECIPE:
                return self.recipe_slots[place.slot].chosen
            case What.RECIPE_ANSWER:
                return self.recipe_slots[place.slot].answers.get(place.recipe, {}).get(place.key, "")
            case What.EFFECT:
                return self.statement_slots[place.slot].effect
            case What.STATEMENT:
                return self.statement_slots[place.slot].row(place.part, place.row)
            case What.ATTACHED:
                return self.attached_rows.get(place.row, "")
            case What.TAG:
                return self.tag_rows.get(place.row, "")
            case single:
                return str(getattr(self, single.value))

    def put(self, place: Place, typed: str) -> None:
        text = typed if place.what in _AS_TYPED else typed.strip()
        match place.what:
            case What.TRUST_ANSWER:
                self.trust_answers.setdefault(place.recipe, {})[place.key] = text
            case What.RECIPE:
                self.recipe_slots[place.slot].chosen = text or NONE
            case What.RECIPE_ANSWER:
                self.recipe_slots[place.slot].answers.setdefault(place.recipe, {})[place.key] = text
            case What.EFFECT:
                self.statement_slots[place.slot].effect = text or NONE
            case What.STATEMENT:
                self.statement_slots[place.slot].rows.setdefault(place.part, {})[place.row] = text
            case What.ATTACHED:
                self.attached_rows[place.row] = text
            case What.TAG:
                self.tag_rows[place.row] = text
            case What.TRUST_KIND if text.startswith(for_service("")):
                self.trust_kind = "service"
                self.put(trust_answer("service", "service"), text.removeprefix(for_service("")))
            case single:
                setattr(self, single.value, text or _FIRST.get(single, ""))

    @property
    def begun(self) -> bool:
        """Whether anything was entered."""
        return replace(self, left_at=None, copied=None, table=None) != RoleDraft()

    def typed(self, place: Place) -> bool:
        """Whether the place has a value other than its initial one."""
        return self.text(place) not in ("", _FIRST.get(place.what))

    # Who may assume it

    @property
    def answers_to_trust(self) -> dict[str, str]:
        """The answers to those trust questions that apply."""
        answers = {key: answer for key, answer in self.trust_answers.get(self.trust_kind, {}).items() if answer}
        if self.trust_kind == CUSTOM:
            return answers
        asked = {question.key for question in trust_recipe(self.trust_kind).asked(answers)}
        return {key: answer for key, answer in answers.items() if key in asked}

    def trust(self, facts: AccountFacts) -> Document:
        """Return the trust policy. Raises `RecipeError`."""
        if self.trust_kind == CUSTOM:
            return Document(self.trust_policy)
        return trust_recipe(self.trust_kind).document(self.answers_to_trust, facts)

    def trust_so_far(self, facts: AccountFacts) -> tuple[Document | None, str]:
        """Return the trust policy with ``<question>`` for missing answers, or None and why there is no policy."""
        if self.trust_kind == CUSTOM:
            text = self.trust_policy
            return (Document(text), "") if text.strip() else (None, "Type or paste a trust policy to see it here.")
        recipe, answers = trust_recipe(self.trust_kind), self.answers_to_trust
        for question in recipe.questions:
            if question.required and not answers.get(question.key) and not question.default:
                answers[question.key] = f"<{question.label.lower()}>"
        try:
            statements = recipe.make(CheckedAnswers(answers, {each.key: each for each in recipe.questions}), facts)
        except RecipeError as error:
            wanted = next((each for each in recipe.questions if each.key == error.key), None)
            if wanted is not None and not self.answers_to_trust.get(error.key):
                return None, f"Choose {with_article(wanted.label.lower())} to see the trust policy."
            return None, str(error)
        return Document(document_text({"Version": "2012-10-17", "Statement": statements})), ""

    def principals(self, facts: AccountFacts) -> tuple[str, ...]:
        """Return the principals in the trust policy; empty if the policy is incomplete."""
        try:
            return tuple(dict.fromkeys(value for _, value in principals(self.trust(facts))))
        except RecipeError:
            return ()

    def trust_place(self, value: str) -> Place:
        """Return the place where a value in the trust policy was entered."""
        if self.trust_kind == CUSTOM:
            return Place(What.TRUST_POLICY)
        answers = self.answers_to_trust.items()
        keys = (key for key, answer in answers if value and (value in answer or answer in value))
        key = next(keys, "")
        return trust_answer(self.trust_kind, key) if key else Place(What.TRUST_KIND)

    @property
    def for_ec2(self) -> bool:
        """Whether EC2 may assume the role, so that it needs an instance profile."""
        if self.trust_kind == CUSTOM:
            return trusts_ec2(Document(self.trust_policy))
        service = self.answers_to_trust.get("service", "").lower()
        return self.trust_kind == "service" and service in ("ec2", "ec2.amazonaws.com")

    # What it may do

    @property
    def recipes(self) -> tuple[ChosenRecipe, ...]:
        found = []
        for slot, each in enumerate(self.recipe_slots):
            if each.chosen != NONE:
                recipe = permission_recipe(each.chosen)
                keys = {question.key for question in recipe.questions}
                answered = each.answers.get(each.chosen, {}).items()
                answers = {key: answer for key, answer in answered if key in keys and answer}
                found.append(ChosenRecipe(slot, recipe, answers))
        return tuple(found)

    @property
    def statements(self) -> tuple[WrittenStatement, ...]:
        return written_statements(self.statement_slots, self.table)

    @property
    def statements_policy(self) -> Document | None:
        """The policy made of all statements, even incomplete ones; None if there are no statements."""
        return statements_document(self.statements, self.table)

    def add_statement(self, parts: Parts) -> int | None:
        """Put a statement into the first free slot and return the slot's index; None if no slot is free."""
        slots = enumerate(self.statement_slots)
        slot = next((slot for slot, each in slots if each.effect == NONE), None)
        if slot is not None:
            self.statement_slots[slot] = StatementDraft.of(parts)
        return slot

    def attach(self, arns: Iterable[str]) -> int:
        """Add policies to attach, after those that were typed, and return the row of the first one."""
        first = max(self.attached_rows, default=-1) + 1
        self.attached_rows |= dict(enumerate(arns, first))
        return first

    @property
    def attached(self) -> tuple[str, ...]:
        """The ARNs of the policies to attach: those that were typed, and those of the copied role."""
        copied = (each.arn for each in self.copied.attached or ()) if self.copied else ()
        return tuple(dict.fromkeys((*values_of(self.attached_rows), *copied)))

    def inline(self, facts: AccountFacts) -> tuple[InlinePolicy, ...]:
        """Return the inline policies: those of the copied role, the recipes and the statements, and the custom policy.

        Raises `RecipeError`.
        """
        return tuple(policy for policy, _ in self.placed_inline(facts))

    def placed_inline(self, facts: AccountFacts) -> list[tuple[InlinePolicy, Place]]:
        """Return each inline policy with its place. The place of the policy made of statements is `STATEMENTS`.

        Raises `RecipeError`.
        """
        copied = self.copied.inline or () if self.copied else ()
        found = [(each, Place(What.COPIED_ROLE)) for each in copied]

        def free(name: str) -> str:
            return numbered(name, {policy.name for policy, _ in found})

        for chosen in self.recipes:
            document = chosen.recipe.document(chosen.answers, facts)
            name = free(chosen.recipe.policy_name or chosen.recipe.id)
            found.append((InlinePolicy(name, document), chosen.place(chosen.recipe.questions[0].key)))
        statements = self.statements_policy
        if statements is not None:
            found.append((InlinePolicy(self.statements_name or free("statements"), statements), STATEMENTS))
        if self.policy.strip():
            name = self.policy_name or free("permissions")
            found.append((InlinePolicy(name, Document(self.policy)), Place(What.POLICY)))
        return found

    def inline_place(self, name: str, line: int, facts: AccountFacts) -> Place:
        """Return the place where a line of an inline policy was entered. Raises `RecipeError`."""
        places = (place for policy, place in self.placed_inline(facts) if policy.name == name)
        place = next(places, Place(What.RECIPE))
        return place_of_line(self.statements, self.table, line) if place == STATEMENTS else place

    def attached_place(self, arn: str) -> Place:
        """Return the place in the draft's fields at which this managed policy was selected."""
        chosen = (Place(What.ATTACHED, row=row) for row, text in sorted(self.attached_rows.items()) if text == arn)
        copied = self.copied is not None and arn in (each.arn for each in self.copied.attached or ())
        return next(chosen, Place(What.COPIED_ROLE if copied else What.ATTACHED))

    @property
    def documents(self) -> Mapping[Place, tuple[Document, PolicyKind]]:
        """The documents that the user wrote, by place. These are checked by lint and by AWS."""
        found: dict[Place, tuple[Document, PolicyKind]] = {}
        if self.trust_kind == CUSTOM and self.trust_policy.strip():
            found[Place(What.TRUST_POLICY)] = (Document(self.trust_policy), PolicyKind.TRUST)
        if self.policy.strip():
            found[Place(What.POLICY)] = (Document(self.policy), PolicyKind.IDENTITY)
        if (document := self.statements_policy) is not None:
            found[STATEMENTS] = (document, PolicyKind.IDENTITY)
        return found

    # What it is called

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        return tuple(tag_of(text) for text in values_of(self.tag_rows))

    @property
    def full_path(self) -> str:
        """The role's path; ``/`` if none was entered."""
        return self.path or "/"

    @property
    def session_seconds(self) -> int | None:
        """The session length in seconds; None if the typed text is not a duration."""
        return seconds_of(self.session or "1 h")

    @property
    def instance_profile(self) -> str | None:
        """The name of the instance profile; None if the role gets none."""
        if not self.for_ec2 or self.profile == NONE:
            return None
        return self.name or None if self.profile == SAME else self.profile

    def spec(self, facts: AccountFacts) -> RoleSpec:
        """Return the role's spec. Raises `RecipeError` if an answer is missing or wrong."""
        return RoleSpec(
            name=self.name,
            trust=self.trust(facts),
            path=self.full_path,
            description=self.description,
            tags=dict(self.tags),
            max_session_seconds=self.session_seconds or 0,
            boundary_arn=self.boundary or None,
            inline=self.inline(facts),
            attached=self.attached,
            instance_profile=self.instance_profile,
        )

    @classmethod
    def like(cls, role: Role) -> RoleDraft:
        """Return a draft that copies an existing role.

        The role's name, tags set by AWS, and a path reserved for AWS are not copied.
        """
        tags = {key: value for key, value in (role.tags or {}).items() if not key.lower().startswith("aws:")}
        return cls(
            trust_kind=CUSTOM,
            trust_policy=role.trust.text if role.trust else "",
            copied_role=role.name,
            path="/" if role.service_owned else role.path,
            description=role.description or "",
            session=hours(role.max_session_seconds or 3600),
            boundary=role.boundary_arn or "",
            profile=SAME if role.instance_profiles else NONE,
            tag_rows=tag_rows(tags),
            copied=role if role.has_details else None,
        )


def for_service(id: str) -> str:
    """Return the trust kind that also selects a service role of `iam.facts.service_roles`: ``service/ID``."""
    return f"service/{id}"


_FIRST = {What.TRUST_KIND: "service", What.PROFILE: SAME, What.RECIPE: NONE, What.EFFECT: NONE}
"""The initial values of choices."""


def values_of(rows: Rows) -> Iterator[str]:
    """Yield the texts of the rows that are not empty, in order."""
    return (text for _, text in sorted(rows.items()) if text)


def tag_rows(tags: Mapping[str, str]) -> Rows:
    return {number: f"{key}={value}" for number, (key, value) in enumerate(tags.items())}


def tag_of(text: str) -> tuple[str, str]:
    """Parse a tag typed as ``key=value``."""
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


_TIME = re.compile(r"(\d{1,6})\s*(h|hours?|m|min|minutes?|s|sec|seconds?)?", re.IGNORECASE)


def seconds_of(text: str) -> int | None:
    """Return a duration such as ``2 h``, ``90 min``, ``5400 s`` or ``5400`` in seconds, or None for other text.

    A number without a unit means hours if it is at most 12, else seconds.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    number, unit = int(match[1]), (match[2] or "").lower()[:1]
    if not unit:
        unit = "h" if number <= 12 else "s"
    return number * {"h": 3600, "m": 60, "s": 1}[unit]


def hours(seconds: int) -> str:
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s"
