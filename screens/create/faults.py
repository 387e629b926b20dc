"""What IAM would refuse of the answers, and what would not do what it is for: each at its field, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iam import field_rules as fields
from iam.account import Account
from iam.arn import Arn
from iam.creation.names import free_role_names
from iam.creation.recipes.recipe import AccountFacts, RecipeError
from iam.creation.recipes.table import trust_recipe
from iam.creation.statements import Weight
from iam.policy.document import Document, PolicyError
from iam.words import joined
from screens.create.builder import BUILT, built_remarks, has_statements
from screens.create.builder import NAME as BUILT_NAME
from screens.create.draft import CUSTOM, Draft, pair_of


@dataclass(frozen=True, slots=True)
class Fault:
    """``field`` is the id of the field that it is about."""

    field: str
    sentence: str


def trust_faults(draft: Draft, facts: AccountFacts, account: Account | None) -> Iterator[Fault]:
    """What IAM would refuse in the trust policy, each at its field."""
    limit = (account.summary or {}).get("AssumeRolePolicySizeQuota") if account else None
    size = limit or fields.TRUST_SIZE
    if draft.kind == CUSTOM:
        document = Document(draft.values.get("trust.custom", ""))
        fault = fields.trust_fault(document, size) or missing_principal(document, account)
        if fault:
            yield Fault("trust.custom", fault)
        return
    recipe = trust_recipe(draft.kind)
    known = {question.key: question for question in recipe.questions}
    wrong = False
    for key, question in known.items():
        if fault := question.fault(draft.trust_answers.get(key, "")):
            wrong = True
            yield Fault(f"trust.{draft.kind}.{key}", fault)
    if wrong:
        return
    try:
        document = recipe.document({k: v for k, v in draft.trust_answers.items() if k in known}, facts)
    except RecipeError as error:
        yield Fault(f"trust.{draft.kind}.{error.key}", str(error))
        return
    last = f"trust.{draft.kind}.{recipe.questions[0].key}"
    if fault := fields.trust_fault(document, size):
        yield Fault(last, fault)
    elif fault := missing_principal(document, account):
        yield Fault(f"trust.{draft.kind}.principals" if "principals" in known else last, fault)


def permission_faults(draft: Draft, facts: AccountFacts, account: Account | None) -> Iterator[Fault]:
    arns = [(key, value.strip()) for key, value in draft.values.items() if key.startswith("perm.managed.")]
    for key, arn in arns:
        if arn and (fault := fields.policy_arn_fault(arn)):
            yield Fault(key, fault)
    quota = ((account.summary or {}) if account else {}).get("AttachedPoliciesPerRoleQuota", fields.ATTACHED_POLICIES)
    if len(draft.attached) > quota:
        text = f"{len(draft.attached)} managed policies are chosen, and a role may have {quota} here."
        yield Fault("perm.managed.0", text)
    wrong = False
    for chosen in draft.recipes:
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
    if has_statements(draft.values):
        found = list(_statement_faults(draft, facts))
        wrong = wrong or bool(found)
        yield from found
    text = draft.values.get("perm.json", "")
    if text.strip():
        if fault := fields.permissions_fault(Document(text), "policy"):
            yield Fault("perm.json", fault)
        name = draft.get("perm.json.name")
        if name and (fault := fields.name_fault(name, "policy")):
            yield Fault("perm.json.name", fault)
    copy = draft.get("perm.copy")
    if copy and account is not None and account.role(copy) is None and draft.copied is None:
        yield Fault("perm.copy", f"There is no role {copy} among those that were read.")
    if not wrong:
        yield from _together_faults(draft, facts)


def _together_faults(draft: Draft, facts: AccountFacts) -> Iterator[Fault]:
    """What is wrong with the inline policies together: at the largest one, at the name that can be changed."""
    inline = draft.inline_places(facts)
    if fault := fields.inline_total_fault([policy.document for policy, _ in inline]):
        _, where = max(inline, key=lambda each: fields.size(each[0].document))
        yield Fault("perm.statement.0" if where == BUILT else where, fault)
    names = [policy.name for policy, _ in inline]
    for policy, where in inline[1:]:
        if where in (BUILT, "perm.json") and names.count(policy.name) > 1:
            field = BUILT_NAME if where == BUILT else "perm.json.name"
            yield Fault(field, f"Two inline policies would be called {policy.name}.")
            return


def _statement_faults(draft: Draft, facts: AccountFacts) -> Iterator[Fault]:
    name = draft.get(BUILT_NAME)
    if draft.table is None:
        yield Fault("perm.statement.0", "The list of AWS's actions is being read: a moment.")
        return
    for field_id, remark in built_remarks(draft.values, draft.table, facts):
        if remark.weight is Weight.FAULT:
            yield Fault(field_id, remark.sentence)
    if name and (fault := fields.name_fault(name, "policy")):
        yield Fault(BUILT_NAME, fault)


def detail_faults(draft: Draft, account: Account | None) -> Iterator[Fault]:
    name = draft.values.get("name", "").strip()
    if fault := fields.name_fault(name):
        yield Fault("name", fault)
    elif account is not None and (taken := account.role_ignoring_case(name)) is not None:
        where = f", at the path {taken.path}" if taken.path != "/" else ""
        how = "" if taken.name == name else f", written {taken.name}: IAM does not tell names apart by case"
        text = f"A role has this name already{where}{how}."
        yield Fault(
            "name",
            f"{text} ctrl+g shows what it is; free are {joined(free_role_names(name, account)) or 'longer ones'}.",
        )
    if fault := fields.path_fault(draft.get("path", "/")):
        yield Fault("path", fault)
    if fault := fields.description_fault(draft.values.get("description", "")):
        yield Fault("description", fault)
    seconds = draft.session_seconds
    if seconds is None:
        yield Fault("session", "The longest session is a time such as 1 h, 90 min or 3600 s.")
    elif fault := fields.session_fault(seconds):
        yield Fault("session", fault)
    boundary = draft.get("boundary")
    if boundary and (fault := fields.boundary_fault(boundary)):
        yield Fault("boundary", fault)
    yield from _tag_faults(draft)
    profile = draft.profile
    if profile and account is not None and profile == name:
        held = account.instance_profile_ignoring_case(profile)
        if held is not None and held.roles:
            text = f"The instance profile {held.name} holds the role {held.roles[0]}: choose another name or none."
            yield Fault("profile", text)


def _tag_faults(draft: Draft) -> Iterator[Fault]:
    typed = [(key, value) for key, value in draft.values.items() if key.startswith("tags.") and value.strip()]
    seen: dict[str, str] = {}
    for id, text in typed:
        key, value = pair_of(text)
        if "=" not in text:
            yield Fault(id, f"A tag is written key=value, such as team=orders; {key}= has no value.")
        elif fault := fields.tag_fault(key, value):
            yield Fault(id, fault)
        elif key.lower() in seen:
            yield Fault(id, fields.tags_fault([(seen[key.lower()], ""), (key, "")]) or "")
        seen.setdefault(key.lower(), key)


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
            named = Arn.parse_entity(value, "role", "user")
            if kind != "AWS" or named is None or named.account != account.id:
                continue
            role = named.type == "role"
            there = account.role(value) if role else account.user(named.name)
            complete = "roles" not in account.incomplete if role else account.users is not None
            if there is None and complete:
                return f"There is no {named.type} {value} in this account, and IAM takes only principals that exist."
            if there is not None and there.arn != value:
                return f"The {named.type} {named.name} has the ARN {there.arn}: its path belongs to it."
    return None
