"""The fields of the steps, built from the recipes' questions and the answers so far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from iam.account import Account
from iam.creation.draft.names import role_pattern, usual_ending
from iam.creation.draft.places import Place, What, recipe_answer, statement_part, trust_answer
from iam.creation.draft.role_draft import CUSTOM, MOST_RECIPES, SAME, RoleDraft, for_service
from iam.creation.draft.rows import (
    MOST_CONDITIONS,
    MOST_STATEMENTS,
    MOST_VALUES,
    NONE,
    StatementDraft,
    written_statement,
)
from iam.creation.draft.suggestions import Suggestions, alike
from iam.creation.draft.usual_policies import usual_policies
from iam.creation.recipes.recipe import AccountFacts, RecipeQuestion
from iam.creation.recipes.table import PERMISSION_RECIPES, TRUST_RECIPES, permission_recipe, trust_recipe
from iam.creation.statements import names as statement_names
from iam.creation.statements.action_table import ActionTable
from iam.creation.statements.parts import StatementPart, operators_for
from iam.facts.service_roles.table import SERVICE_ROLES
from screens.create.places import ATTACHED, MOST_ROWS, TAGS, field_id, statement_rows
from screens.widgets.form.choice import Option
from screens.widgets.form.form import Field, FieldKind

_EFFECTS = (Option(NONE, "no statement"), Option("Allow", "Allow"), Option("Deny", "Deny", "overrides every Allow"))


def _single(what: What) -> str:
    return field_id(Place(what))


def _question(place: Place, question: RecipeQuestion, names: Suggestions) -> Field:
    id, known = field_id(place), names.get(question.complete, ())
    hint = question.help or ("" if question.required else "optional")
    needed = question.required and not question.default
    if question.choices:
        notes = question.explained or ("",) * len(question.choices)
        options = tuple(
            Option(each, "any" if each == "*" else each, note)
            for each, note in zip(question.choices, notes, strict=True)
        )
        return Field(id, question.label, FieldKind.CHOICE, options=options, default=question.default)
    if question.default:
        hint = (
            f"{'any' if question.default == '*' else question.default}{f'; {question.help}' if question.help else ''}"
        )
    if known:
        hint = f"{hint}; down: list"
    return Field(id, question.label, hint=hint, names=tuple(known), several=question.several, needed=needed)


def trust_fields(draft: RoleDraft, names: Suggestions) -> list[Field]:
    options = tuple(Option(each.id, each.title, each.note, in_line=False) for each in TRUST_RECIPES)
    options += (Option(CUSTOM, "Custom trust policy", "A policy that you write yourself.", in_line=False),)
    options += tuple(
        Option(for_service(each.id), each.title, f"AWS service {each.principal}", listed_only=True)
        for each in SERVICE_ROLES
    )
    kind = Field(
        _single(What.TRUST_KIND), "Who may assume it", FieldKind.CHOICE, options=options, default=TRUST_RECIPES[0].id
    )
    if draft.trust_kind == CUSTOM:
        hint = "Type or paste the trust policy as JSON."
        return [kind, Field(_single(What.TRUST_POLICY), "Trust policy", FieldKind.DOCUMENT, hint=hint, needed=True)]
    recipe = trust_recipe(draft.trust_kind)
    asked = recipe.asked(draft.answers_to_trust)
    return [kind, *(_question(trust_answer(recipe.id, each.key), each, names) for each in asked)]


def permission_fields(draft: RoleDraft, names: Suggestions, facts: AccountFacts) -> list[Field]:
    managed = "AWS managed or customer managed"
    usual = {each.arn: each.words for each in usual_policies(draft, facts)}
    first = (arn for arn in usual if arn not in draft.attached)
    policies = tuple(dict.fromkeys((*first, *names.get("policy", ()))))
    own = "Type or paste an identity-based policy as JSON."
    return [
        *_recipe_fields(draft, names),
        Field(
            ATTACHED,
            "Managed policy",
            FieldKind.LIST,
            f"{managed}; down: list" if usual else managed,
            names=policies,
            describe=lambda arn: usual.get(arn, ""),
            most=MOST_ROWS,
        ),
        Field(
            _single(What.COPIED_ROLE),
            "Copy from a role",
            hint="the role whose permissions to copy",
            names=tuple(names.get("role-name", ())),
        ),
        *_statements_fields(draft, facts, names),
        Field(_single(What.POLICY_NAME), "Policy name", hint="permissions"),
        Field(_single(What.POLICY), "Custom policy", FieldKind.DOCUMENT, hint=own),
    ]


def _recipe_fields(draft: RoleDraft, names: Suggestions) -> Iterator[Field]:
    options: tuple[Option, ...] = (Option(NONE, "no recipe", "type to search"),)
    options += tuple(
        Option(each.id, each.title, f"{each.note} ({', '.join((*each.keywords, each.group))})", in_line=False)
        for each in PERMISSION_RECIPES
    )
    last = max((each.slot for each in draft.recipes), default=-1)
    for slot in range(min(last + 2, MOST_RECIPES)):
        label = "Recipe" if slot == 0 else "Another recipe"
        id = field_id(Place(What.RECIPE, slot=slot))
        yield Field(id, label, FieldKind.CHOICE, options=options, default=NONE)
        chosen = draft.recipe_slots[slot].chosen
        if chosen != NONE:
            recipe = permission_recipe(chosen)
            yield from (_question(recipe_answer(slot, recipe.id, each.key), each, names) for each in recipe.questions)


def detail_fields(
    draft: RoleDraft, names: Suggestions, facts: AccountFacts, account: Account | None
) -> Iterator[Field]:
    ending = usual_ending(alike(names, draft.principals(facts)))

    def finished(typed: str) -> tuple[str, ...]:
        """Suggest the typed name with the usual ending of roles for this purpose.

        The account's separator is between them.
        """
        if ending is None or account is None or not typed or typed.endswith(ending[0]):
            return ()
        pattern, _ = role_pattern(account)
        stem = typed.rstrip(pattern.separator) if pattern.separator else typed
        return (f"{stem}{pattern.separator}{ending[0]}",)

    boundaries, paths = tuple(names.get("boundary", ())), tuple(names.get("path", ()))
    yield Field(_single(What.NAME), "Name", hint="1 to 64 letters, digits and _+=,.@-", names=finished, needed=True)
    if draft.for_ec2:
        profiles = [each.name for each in (account.instance_profiles or () if account else ()) if not each.roles]
        options: tuple[Option, ...] = (Option(SAME, "same name as the role"), Option(NONE, "none"))
        options += tuple(Option(name, name, "exists, and is empty") for name in profiles)
        yield Field(_single(What.PROFILE), "Instance profile", FieldKind.CHOICE, options=options, default=SAME)
    yield Field(_single(What.PATH), "Path", hint="/", names=paths)
    yield Field(_single(What.BOUNDARY), "Boundary", hint="none, or the ARN of a managed policy", names=boundaries)
    yield Field(TAGS, "Tag", FieldKind.LIST, "key=value", names=tuple(names.get("tag", ())), most=MOST_ROWS)
    yield Field(_single(What.DESCRIPTION), "Description", hint="what the role is for")
    yield Field(_single(What.SESSION), "Maximum session", hint="1 h, up to 12 h")


# Statements.


def shown_statements(draft: RoleDraft) -> range:
    """Return the slots that the form shows: those up to the last statement, and an empty one."""
    last = max((each.slot for each in draft.statements), default=-1)
    return range(min(last + 2, MOST_STATEMENTS))


def _statements_fields(draft: RoleDraft, facts: AccountFacts, names: Suggestions) -> Iterator[Field]:
    for slot in shown_statements(draft):
        label = "Statement" if slot == 0 else "Another statement"
        id = field_id(Place(What.EFFECT, slot=slot))
        yield Field(id, label, FieldKind.CHOICE, options=_EFFECTS, default=NONE)
        statement = draft.statement_slots[slot]
        if statement.effect != NONE:
            yield from _statement_fields(statement, slot, draft.table, facts, names)
    if draft.statements:
        yield Field(_single(What.STATEMENTS_NAME), "Inline policy name", hint="statements")


def _statement_fields(
    statement: StatementDraft, slot: int, table: ActionTable | None, facts: AccountFacts, names: Suggestions
) -> Iterator[Field]:
    actions = written_statement(statement, slot, table).parts.actions
    notes: dict[str, str] = {}

    def resources(typed: str) -> tuple[str, ...]:
        """Return suggestions for the resource.

        They are computed only while the operator types in the field, because there are many.
        """
        if table is None:
            return ()
        known = table.named(actions)
        found = statement_names.resources(known, lambda service: names.get(f"arn:{service}", ()), facts, typed)
        notes.update((each.text, each.note) for each in found)
        return tuple(each.text for each in found)

    yield Field(
        statement_rows(slot, StatementPart.ACTION),
        "  Action",
        FieldKind.LIST,
        "part of the action's name, for example s3:Get",
        names=table.names if table else (),
        describe=table.describe if table else None,
        most=MOST_VALUES,
        needed=True,
    )
    yield Field(
        statement_rows(slot, StatementPart.RESOURCE),
        "  Resource",
        FieldKind.LIST,
        "the ARN, or part of the name",
        names=resources,
        describe=lambda text: notes.get(text, ""),
        most=MOST_VALUES,
        needed=True,
    )
    yield from _condition_fields(statement, slot, actions, table, facts, names)


def _condition_fields(
    statement: StatementDraft,
    slot: int,
    actions: tuple[str, ...],
    table: ActionTable | None,
    facts: AccountFacts,
    names: Suggestions,
) -> Iterator[Field]:
    @cache
    def keys() -> dict[str, str]:
        found = statement_names.keys(table.named(actions), table) if table is not None else ()
        return {each.text: each.note for each in found}

    filled = statement.condition_rows
    for number in range(min(max(filled, default=-1) + 2, MOST_CONDITIONS)):
        yield Field(
            field_id(statement_part(slot, StatementPart.KEY, number)),
            "  Condition key",
            hint="none" if number == 0 else "no other",
            names=lambda typed: tuple(keys()),
            describe=lambda text: keys().get(text, ""),
        )
        if number not in filled:
            continue
        key = statement.row(StatementPart.KEY, number)
        operators = operators_for(key, table) if table else ("StringEquals",)
        options = tuple(Option(each, each) for each in operators)
        id = field_id(statement_part(slot, StatementPart.OPERATOR, number))
        yield Field(id, "    Operator", FieldKind.CHOICE, options=options)
        known = statement_names.values(key, table, facts, lambda kind: names.get(kind, ())) if table else ()
        id, hint = (
            field_id(statement_part(slot, StatementPart.VALUE, number)),
            "one value, or several separated by commas",
        )
        yield Field(id, "    Value", hint=hint, names=known, several=True)
