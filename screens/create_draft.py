"""The role that is being thought out: what was answered, and the policies, the spec and the faults that follow.

Answers are texts by field id: ``trust.github.organization``, ``perm.0.read-bucket.bucket``, ``name``, ``tags.0`` …
Answers of choices that were left stay, so that coming back finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from iam.account import Account, InlinePolicy, Role
from iam.changes import fields
from iam.changes.plan import document_text
from iam.changes.recipe import Facts, Given, Recipe, RecipeError
from iam.changes.recipes import permission_recipe, trust_recipe
from iam.changes.spec import RoleSpec
from iam.policy.document import Document, PolicyError
from screens.create_naming import names_instead
from screens.widgets.form import list_values

CUSTOM = "custom"
NONE = "none"
MOST_RECIPES = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """``field`` is the id of the field that it is about."""

    field: str
    sentence: str


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
    """``copied`` is the role that permissions are taken from, once it was read."""

    values: dict[str, str] = field(default_factory=dict)
    copied: Role | None = None

    def get(self, id: str, default: str = "") -> str:
        return self.values.get(id, "").strip() or default

    # Who may assume it

    @property
    def kind(self) -> str:
        """The id of the trust recipe, or ``custom``."""
        return self.get("trust.kind", "service")

    @property
    def trust_answers(self) -> dict[str, str]:
        return self._answers(f"trust.{self.kind}.")

    def _answers(self, prefix: str) -> dict[str, str]:
        return {
            key.removeprefix(prefix): value.strip()
            for key, value in self.values.items()
            if key.startswith(prefix) and value.strip()
        }

    def trust(self, facts: Facts) -> Document:
        """The trust policy. Raises `RecipeError`."""
        if self.kind == CUSTOM:
            return Document(self.values.get("trust.custom", ""))
        return trust_recipe(self.kind).document(self.trust_answers, facts)

    def trust_so_far(self, facts: Facts) -> tuple[Document | None, str]:
        """The trust policy with ``<question>`` in place of answers that are still wanted, or why there is none."""
        if self.kind == CUSTOM:
            text = self.values.get("trust.custom", "")
            return (Document(text), "") if text.strip() else (None, "The trust policy that is typed or pasted.")
        recipe, answers = trust_recipe(self.kind), self.trust_answers
        for question in recipe.questions:
            if question.required and not answers.get(question.key) and not question.default:
                answers[question.key] = f"<{question.label.lower()}>"
        try:
            statements = recipe.make(Given(answers, {each.key: each for each in recipe.questions}), facts)
        except RecipeError as error:
            wanted = next((each for each in recipe.questions if each.key == error.key), None)
            if wanted is not None and not self.trust_answers.get(error.key):
                return None, f"The trust policy shows here once {wanted.label.lower()} is told."
            return None, str(error)
        return Document(document_text({"Version": "2012-10-17", "Statement": statements})), ""

    def trust_faults(self, facts: Facts, account: Account | None) -> Iterator[Fault]:
        """What IAM would refuse in the trust policy, each at its field."""
        limit = (account.summary or {}).get("AssumeRolePolicySizeQuota") if account else None
        size = limit or fields.TRUST_SIZE
        if self.kind == CUSTOM:
            document = Document(self.values.get("trust.custom", ""))
            fault = fields.trust_fault(document, size) or missing_principal(document, account)
            if fault:
                yield Fault("trust.custom", fault)
            return
        recipe = trust_recipe(self.kind)
        known = {question.key: question for question in recipe.questions}
        wrong = False
        for key, question in known.items():
            if fault := question.fault(self.trust_answers.get(key, "")):
                wrong = True
                yield Fault(f"trust.{self.kind}.{key}", fault)
        if wrong:
            return
        try:
            document = recipe.document({k: v for k, v in self.trust_answers.items() if k in known}, facts)
        except RecipeError as error:
            yield Fault(f"trust.{self.kind}.{error.key}", str(error))
            return
        last = f"trust.{self.kind}.{recipe.questions[0].key}"
        if fault := fields.trust_fault(document, size):
            yield Fault(last, fault)
        elif fault := missing_principal(document, account):
            yield Fault(f"trust.{self.kind}.principals" if "principals" in known else last, fault)

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

    def inline(self, facts: Facts) -> tuple[InlinePolicy, ...]:
        """Policies of the copied role, of the recipes, and the one that was pasted. Raises `RecipeError`."""
        found: list[InlinePolicy] = list(self.copied.inline or ()) if self.copied else []
        for chosen in self.recipes:
            document = chosen.recipe.document(chosen.answers, facts)
            found.append(InlinePolicy(_free_name(chosen.recipe.policy_name or chosen.recipe.id, found), document))
        text = self.values.get("perm.json", "")
        if text.strip():
            found.append(InlinePolicy(self.get("perm.json.name") or _free_name("permissions", found), Document(text)))
        return tuple(found)

    def permission_faults(self, facts: Facts, account: Account | None) -> Iterator[Fault]:
        arns = [(key, value.strip()) for key, value in self.values.items() if key.startswith("perm.managed.")]
        for key, arn in arns:
            if arn and (fault := fields.policy_arn_fault(arn)):
                yield Fault(key, fault)
        quota = ((account.summary or {}) if account else {}).get("AttachedPoliciesPerRoleQuota", 10)
        if len(self.attached) > quota:
            text = f"{len(self.attached)} managed policies are chosen, and a role may have {quota} here."
            yield Fault("perm.managed.0", text)
        wrong = False
        for chosen in self.recipes:
            known = {question.key: question for question in chosen.recipe.questions}
            found = [
                Fault(chosen.field_id(key), fault)
                for key, question in known.items()
                if (fault := question.fault(chosen.answers.get(key, "")))
            ]
            if not found:
                try:
                    chosen.recipe.document(chosen.answers, facts)
                except RecipeError as error:
                    found = [Fault(chosen.field_id(error.key), str(error))]
            wrong = wrong or bool(found)
            yield from found
        text = self.values.get("perm.json", "")
        if text.strip():
            if fault := fields.permissions_fault(Document(text), "policy"):
                yield Fault("perm.json", fault)
            name = self.get("perm.json.name")
            if name and (fault := fields.name_fault(name, "policy")):
                yield Fault("perm.json.name", fault)
        copy = self.get("perm.copy")
        if copy and account is not None and account.role(copy) is None and self.copied is None:
            yield Fault("perm.copy", f"There is no role {copy} among those that were read.")
        if not wrong:
            inline = self.inline(facts)
            where = "perm.json" if text.strip() else "perm.recipe.0"
            if fault := fields.inline_total_fault([each.document for each in inline]):
                yield Fault(where, fault)
            names = [each.name for each in inline]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                yield Fault("perm.json.name", f"Two inline policies would be called {twice}.")

    # What it is called

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Pairs as typed: ``key=value``."""
        return tuple(_pair(text) for text in list_values(self.values, "tags"))

    @property
    def session_seconds(self) -> int | None:
        """None where what was typed is no time."""
        return seconds_of(self.get("session", "1 h"))

    def detail_faults(self, account: Account | None) -> Iterator[Fault]:
        name = self.values.get("name", "").strip()
        if fault := fields.name_fault(name):
            yield Fault("name", fault)
        elif account is not None and (taken := account.role_ignoring_case(name)) is not None:
            where = f", at the path {taken.path}" if taken.path != "/" else ""
            how = "" if taken.name == name else f", written {taken.name}: IAM does not tell names apart by case"
            text = f"A role has this name already{where}{how}."
            yield Fault("name", f"{text} ctrl+g shows what it is; free are {_listed(names_instead(name, account))}.")
        if fault := fields.path_fault(self.get("path", "/")):
            yield Fault("path", fault)
        if fault := fields.description_fault(self.values.get("description", "")):
            yield Fault("description", fault)
        seconds = self.session_seconds
        if seconds is None:
            yield Fault("session", "The longest session is a time such as 1 h, 90 min or 3600 s.")
        elif fault := fields.session_fault(seconds):
            yield Fault("session", fault)
        boundary = self.get("boundary")
        if boundary and (fault := fields.boundary_fault(boundary)):
            yield Fault("boundary", fault)
        yield from self._tag_faults()
        profile = self.profile
        if profile and account is not None and profile == name:
            held = account.instance_profile_ignoring_case(profile)
            if held is not None and held.roles:
                text = f"The instance profile {held.name} holds the role {held.roles[0]}: choose another name or none."
                yield Fault("profile", text)

    def _tag_faults(self) -> Iterator[Fault]:
        typed = [(key, value) for key, value in self.values.items() if key.startswith("tags.") and value.strip()]
        seen: dict[str, str] = {}
        for id, text in typed:
            key, value = _pair(text)
            if "=" not in text:
                yield Fault(id, f"A tag is written key=value, such as team=orders; {key}= has no value.")
            elif fault := fields.tag_fault(key, value):
                yield Fault(id, fault)
            elif key.lower() in seen:
                yield Fault(id, fields.tags_fault([(seen[key.lower()], ""), (key, "")]) or "")
            seen.setdefault(key.lower(), key)

    @property
    def profile(self) -> str | None:
        """The name of the instance profile; None for none."""
        if not self.for_ec2 or self.get("profile", "same") == NONE:
            return None
        chosen = self.get("profile", "same")
        return self.get("name") or None if chosen == "same" else chosen

    def spec(self, facts: Facts) -> RoleSpec:
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
        """Start from an existing role: everything of it but its name (`iam.changes.spec.spec_like` says what)."""
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


def missing_principal(document: Document, account: Account | None) -> str | None:
    """A role or user of this account that the trust policy names and that does not exist: IAM refuses such a policy."""
    if account is None or account.progress is not None:
        return None
    try:
        statements = document.unplaced_statements
    except PolicyError:
        return None
    for statement in statements:
        for kind, value in statement.principal or ():
            match = re.fullmatch(r"arn:[a-z-]+:iam::(\d{12}):(role|user)/(?:\S*/)?(\S+)", value)
            if kind != "AWS" or match is None or match[1] != account.id:
                continue
            role = match[2] == "role"
            there = account.role(value) if role else account.user(match[3])
            complete = "roles" not in account.incomplete if role else account.users is not None
            if there is None and complete:
                return f"There is no {match[2]} {value} in this account, and IAM takes only principals that exist."
            if there is not None and there.arn != value:
                return f"The {match[2]} {match[3]} has the ARN {there.arn}: its path belongs to it."
    return None


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0] if names else "longer ones"


def _free_name(name: str, held: list[InlinePolicy]) -> str:
    names = {each.name for each in held}
    number, found = 2, name
    while found in names:
        found, number = f"{name}-{number}", number + 1
    return found


def _pair(text: str) -> tuple[str, str]:
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
