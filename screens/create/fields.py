"""The forms of the creation's steps, made from the recipes' questions and from what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iam.account import Account
from iam.creation.names import role_pattern, usual_ending
from iam.creation.recipes.recipe import AccountFacts, Question
from iam.creation.recipes.table import PERMISSION_RECIPES, SERVICES, TRUST_RECIPES, permission_recipe, trust_recipe
from screens.create.builder import built_fields
from screens.create.draft import CUSTOM, MOST_RECIPES, NONE, Draft
from screens.widgets.form.choice import Option
from screens.widgets.form.form import Field, FieldKind

Names = Mapping[str, Sequence[str]]
"""What to complete with, by the ``complete`` of a question: ``bucket``, ``role``, ``oidc-provider`` …"""


def _question(id: str, question: Question, names: Names, heading: str = "") -> Field:
    known = names.get(question.complete, ())
    hint = question.help or ("" if question.required else "may stay empty")
    if question.choices:
        options = tuple(Option(each, "any" if each == "*" else each) for each in question.choices)
        return Field(id, question.label, FieldKind.CHOICE, options=options, default=question.default, heading=heading)
    if question.default:
        hint = (
            f"{'any' if question.default == '*' else question.default}{f'; {question.help}' if question.help else ''}"
        )
    if known:
        hint = f"{hint}; down: those known here"
    several = question.several
    return Field(id, question.label, hint=hint, names=tuple(known), several=several, heading=heading)


def trust_fields(draft: Draft, names: Names) -> list[Field]:
    options = tuple(Option(each.id, each.title) for each in TRUST_RECIPES)
    options += (Option(CUSTOM, "Custom trust policy"),)
    found = [Field("trust.kind", "Who may assume it", FieldKind.CHOICE, options=options, default="service")]
    if draft.kind == CUSTOM:
        hint = "Type or paste the trust policy: JSON."
        return [*found, Field("trust.custom", "Trust policy", FieldKind.DOCUMENT, hint=hint)]
    recipe = trust_recipe(draft.kind)
    asked = recipe.asked(draft.trust_answers)
    return [*found, *(_question(f"trust.{recipe.id}.{each.key}", each, names) for each in asked)]


def permission_fields(draft: Draft, names: Names, facts: AccountFacts) -> list[Field]:
    options: tuple[Option, ...] = (Option(NONE, "no recipe", "right: the next, o: all of them"),)
    options += tuple(Option(each.id, each.title, each.group) for each in PERMISSION_RECIPES)
    found: list[Field] = []
    last = max((each.slot for each in draft.recipes), default=-1)
    for slot in range(min(last + 2, MOST_RECIPES)):
        chosen = draft.get(f"perm.recipe.{slot}", NONE)
        label = "Recipe" if slot == 0 else "Another recipe"
        found.append(Field(f"perm.recipe.{slot}", label, FieldKind.CHOICE, options=options, default=NONE))
        if chosen == NONE:
            continue
        recipe = permission_recipe(chosen)
        found += [_question(f"perm.{slot}.{recipe.id}.{each.key}", each, names) for each in recipe.questions]
    managed = "name of an AWS-managed or customer policy"
    found.append(Field("perm.managed", "Managed policy", FieldKind.LIST, managed, names=tuple(names.get("policy", ()))))
    found.append(
        Field(
            "perm.copy",
            "All of a role's",
            hint="a role whose permissions to copy",
            names=tuple(names.get("role-name", ())),
        )
    )
    found += built_fields(draft.values, draft.table, facts, lambda kind: names.get(kind, ()))
    found.append(Field("perm.json.name", "Policy's name", hint="permissions", heading=""))
    found.append(
        Field("perm.json", "Policy of your own", FieldKind.DOCUMENT, hint="Type or paste an identity policy: JSON.")
    )
    return found


def detail_fields(draft: Draft, names: Names, facts: AccountFacts, account: Account | None) -> list[Field]:
    alike = names_alike(draft, names, facts)
    ending = usual_ending(alike)

    def finished(typed: str) -> tuple[str, ...]:
        """The name as others for the same purpose end, in the account's own way of joining words."""
        if ending is None or account is None or not typed or typed.endswith(ending[0]):
            return ()
        pattern, _ = role_pattern(account)
        stem = typed.rstrip(pattern.separator) if pattern.separator else typed
        return (f"{stem}{pattern.separator}{ending[0]}",)

    found = [
        Field("name", "Name", hint="1 to 64 letters, digits and _+=,.@-", names=finished),
        Field("path", "Path", hint="/", names=tuple(names.get("path", ()))),
        Field("boundary", "Boundary", hint="none; ARN of a managed policy", names=tuple(names.get("boundary", ()))),
        Field("tags", "Tag", FieldKind.LIST, "key=value", names=tuple(names.get("tag", ()))),
        Field("description", "Description", hint="what the role is for"),
        Field("session", "Longest session", hint="1 h, up to 12 h"),
    ]
    if draft.for_ec2:
        profiles = [each.name for each in (account.instance_profiles or () if account else ()) if not each.roles]
        options: tuple[Option, ...] = (Option("same", "of the role's name"), Option(NONE, "none"))
        options += tuple(Option(name, name, "is there, and empty") for name in profiles)
        found.insert(1, Field("profile", "Instance profile", FieldKind.CHOICE, options=options, default="same"))
    return found


def names_alike(draft: Draft, names: Names, facts: AccountFacts) -> tuple[str, ...]:
    """The roles of the account that the same principals may assume."""
    return tuple(dict.fromkeys(name for each in draft.principals(facts) for name in names.get(f"trusted:{each}", ())))


def service_names() -> tuple[str, ...]:
    return tuple(each.principal for each in SERVICES)


def service_note(principal: str) -> str:
    """What a service is, and what to know of it."""
    text = principal.strip().lower()
    use = next((each for each in SERVICES if text in (each.id, each.principal)), None)
    if use is None:
        return ""
    guard = "No condition is set: it is not known to tell aws:SourceAccount."
    if use.deputy:
        guard = "It tells aws:SourceAccount, so that only this account's resources can use the role."
    return " ".join(part for part in (f"{use.title}.", use.note, guard) if part)
