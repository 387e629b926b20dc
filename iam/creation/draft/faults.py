"""What is wrong with a draft, by place: what IAM would reject, and what would not work as intended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iam import field_rules as fields
from iam.account import Account
from iam.arn import Arn
from iam.creation.draft.names import free_role_names
from iam.creation.draft.places import Place, What, trust_answer
from iam.creation.draft.role_draft import CUSTOM, STATEMENTS, ChosenRecipe, RoleDraft, tag_of
from iam.creation.draft.rows import placed_remarks
from iam.creation.recipes.recipe import AccountFacts, Recipe, RecipeError
from iam.creation.recipes.table import trust_recipe
from iam.creation.statements.parts import Weight
from iam.facts import quotas
from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault in the value at a place. ``free`` contains free names if the name is taken; otherwise it is None."""

    place: Place
    sentence: str
    free: tuple[str, ...] | None = None


def trust_faults(draft: RoleDraft, facts: AccountFacts, account: Account | None) -> Iterator[PlacedFault]:
    """Yield the reasons why IAM would reject the trust policy, each with its place."""
    size = quotas.TRUST_SIZE.most_in(account.summary if account else None)
    if draft.trust_kind == CUSTOM:
        document = Document(draft.trust_policy)
        fault = fields.trust_fault(document, size) or missing_principal(document, account)
        if fault:
            yield PlacedFault(Place(What.TRUST_POLICY), fault)
        return
    recipe, answers = trust_recipe(draft.trust_kind), draft.answers_to_trust
    found = list(_answer_faults(recipe, answers, facts))
    yield from (PlacedFault(trust_answer(recipe.id, key), sentence) for key, sentence in found)
    if found:
        return
    document = recipe.document(answers, facts)
    first = recipe.questions[0].key
    if fault := fields.trust_fault(document, size):
        yield PlacedFault(trust_answer(recipe.id, first), fault)
    elif fault := missing_principal(document, account):
        asked = any(question.key == "principals" for question in recipe.questions)
        yield PlacedFault(trust_answer(recipe.id, "principals" if asked else first), fault)


def _answer_faults(recipe: Recipe, answers: Mapping[str, str], facts: AccountFacts) -> Iterator[tuple[str, str]]:
    """Yield (question, sentence) for each answer's own fault, or else for a fault of the answers together."""
    wrong = False
    for question in recipe.questions:
        if fault := question.fault(answers.get(question.key, "")):
            wrong = True
            yield question.key, fault
    if not wrong:
        try:
            recipe.document(answers, facts)
        except RecipeError as error:
            yield error.key, str(error)


def permission_faults(draft: RoleDraft, facts: AccountFacts, account: Account | None) -> Iterator[PlacedFault]:
    yield from _attached_faults(draft, account)
    wrong = [*_recipe_faults(draft.recipes, facts), *_statement_faults(draft, facts)]
    yield from wrong
    if draft.policy.strip():
        if fault := fields.permissions_fault(Document(draft.policy), "policy"):
            yield PlacedFault(Place(What.POLICY), fault)
        yield from _policy_name_fault(Place(What.POLICY_NAME), draft.policy_name)
    copy = draft.copied_role
    if copy and account is not None and account.role(copy) is None and draft.copied is None:
        yield PlacedFault(Place(What.COPIED_ROLE), f"There is no role {copy} among the roles that were read.")
    if not wrong:
        yield from _together_faults(draft, facts)


def _attached_faults(draft: RoleDraft, account: Account | None) -> Iterator[PlacedFault]:
    for row, arn in sorted(draft.attached_rows.items()):
        if arn and (fault := fields.policy_arn_fault(arn)):
            yield PlacedFault(Place(What.ATTACHED, row=row), fault)
    most = quotas.POLICIES_OF_ROLE.limit_in(account.summary if account else None)
    if len(draft.attached) > most:
        text = f"{len(draft.attached)} managed policies are chosen, but a role in this account can have {most}."
        yield PlacedFault(Place(What.ATTACHED), text)


def _recipe_faults(recipes: tuple[ChosenRecipe, ...], facts: AccountFacts) -> Iterator[PlacedFault]:
    for chosen in recipes:
        for key, sentence in _answer_faults(chosen.recipe, chosen.answers, facts):
            yield PlacedFault(chosen.place(key), sentence)


def _statement_faults(draft: RoleDraft, facts: AccountFacts) -> Iterator[PlacedFault]:
    statements = draft.statements
    if not statements:
        return
    if draft.table is None:
        yield PlacedFault(Place(What.EFFECT), "The list of AWS's actions is still loading.")
        return
    for place, remark in placed_remarks(statements, draft.table, facts):
        if remark.weight is Weight.FAULT:
            yield PlacedFault(place, remark.sentence)
    yield from _policy_name_fault(STATEMENTS, draft.statements_name)


def _policy_name_fault(place: Place, name: str) -> Iterator[PlacedFault]:
    if name and (fault := fields.name_fault(name, "policy")):
        yield PlacedFault(place, fault)


def _together_faults(draft: RoleDraft, facts: AccountFacts) -> Iterator[PlacedFault]:
    """Yield faults that the inline policies have together.

    They are placed at the largest policy, or at a name that can change.
    """
    inline = draft.placed_inline(facts)
    if fault := fields.inline_total_fault([policy.document for policy, _ in inline]):
        _, place = max(inline, key=lambda each: fields.size(each[0].document))
        yield PlacedFault(Place(What.EFFECT) if place == STATEMENTS else place, fault)
    names = [policy.name for policy, _ in inline]
    for policy, place in inline[1:]:
        if place.what in (What.STATEMENTS_NAME, What.POLICY) and names.count(policy.name) > 1:
            at = place if place == STATEMENTS else Place(What.POLICY_NAME)
            yield PlacedFault(at, f"Two inline policies would have the name {policy.name}.")
            return


def detail_faults(draft: RoleDraft, account: Account | None) -> Iterator[PlacedFault]:
    yield from _name_faults(draft.name, account)
    checks: list[tuple[What, str | None]] = [
        (What.PATH, fields.path_fault(draft.full_path)),
        (What.DESCRIPTION, fields.description_fault(draft.description)),
        (What.SESSION, _session_fault(draft.session_seconds)),
        (What.BOUNDARY, fields.boundary_fault(draft.boundary) if draft.boundary else None),
    ]
    yield from (PlacedFault(Place(what), sentence) for what, sentence in checks if sentence)
    yield from _tag_faults(draft)
    profile = draft.instance_profile
    if profile and account is not None and profile == draft.name:
        known = account.instance_profile_ignoring_case(profile)
        if known is not None and known.roles:
            text = f"The instance profile {known.name} contains the role {known.roles[0]}: choose another name or none."
            yield PlacedFault(Place(What.PROFILE), text)


def _name_faults(name: str, account: Account | None) -> Iterator[PlacedFault]:
    if fault := fields.name_fault(name):
        yield PlacedFault(Place(What.NAME), fault)
    elif account is not None and (taken := account.role_ignoring_case(name)) is not None:
        where = f", at the path {taken.path}" if taken.path != "/" else ""
        how = "" if taken.name == name else f", spelled {taken.name}: IAM ignores case when it compares names"
        free = free_role_names(name, account)
        yield PlacedFault(Place(What.NAME), f"A role has this name already{where}{how}.", free)


def _session_fault(seconds: int | None) -> str | None:
    if seconds is None:
        return "Enter the maximum session as a time, for example 1 h, 90 min or 3600 s."
    return fields.session_fault(seconds)


def _tag_faults(draft: RoleDraft) -> Iterator[PlacedFault]:
    seen: dict[str, str] = {}
    for row, text in sorted(draft.tag_rows.items()):
        if not text:
            continue
        place, (key, value) = Place(What.TAG, row=row), tag_of(text)
        if "=" not in text:
            yield PlacedFault(place, f"Write a tag as key=value, for example team=orders ({key}= has no value).")
        elif fault := fields.tag_fault(key, value):
            yield PlacedFault(place, fault)
        elif key.lower() in seen:
            yield PlacedFault(place, fields.tags_fault([(seen[key.lower()], ""), (key, "")]) or "")
        seen.setdefault(key.lower(), key)


def missing_principal(document: Document, account: Account | None) -> str | None:
    """Return why IAM would reject a role or user of this account in the trust policy, or None.

    IAM rejects a principal that does not exist or has another path.
    """
    if account is None or account.progress is not None:
        return None
    for statement in document.readable_statements:
        for kind, value in statement.principal or ():
            named = Arn.parse_entity(value, "role", "user")
            if kind != "AWS" or named is None or named.account != account.id:
                continue
            role = named.type == "role"
            found = account.role(value) if role else account.user(named.name)
            complete = "roles" not in account.incomplete if role else account.users is not None
            if found is None and complete:
                return (
                    f"There is no {named.type} {value} in this account, and IAM rejects principals that do not exist."
                )
            if found is not None and found.arn != value:
                return f"The {named.type} {named.name} has the ARN {found.arn}: the ARN includes the path."
    return None
