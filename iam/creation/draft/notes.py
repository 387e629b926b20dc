"""Notes that help to fill in a field: a service's description, the account's name pattern, common tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from iam.account import Account
from iam.arn import name_of
from iam.creation.draft.names import boundaries, bounded_roles, role_pattern, usual_ending, usual_tags
from iam.creation.draft.places import Place, What, trust_answer
from iam.creation.draft.role_draft import CUSTOM, RoleDraft, values_of
from iam.creation.recipes.table import trust_recipe
from iam.creation.recipes.trust import GITHUB_IDS_SINCE
from iam.creation.statements.parts import Weight
from iam.facts.service_roles.lookup import guard_of, service_role
from iam.known_principals import SERVICE_PRINCIPALS, nearest_principal
from iam.policy.shared_providers import TELLING_KEYS, issuer_of
from iam.words import listing, plural


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A note on a field. ``short``: it is shown on one line and cut if it does not fit, as below many fields."""

    sentence: str
    weight: Weight = Weight.NOTE
    short: bool = False


Notes = dict[Place, DraftNote]


def trust_notes(draft: RoleDraft, account: Account | None) -> Notes:
    if draft.trust_kind == CUSTOM:
        return {}
    notes: Notes = {}
    if note := trust_recipe(draft.trust_kind).note:
        notes[Place(What.TRUST_KIND)] = DraftNote(note)
    for key, each in _answer_notes(draft, account):
        notes.setdefault(trust_answer(draft.trust_kind, key), each)
    return notes


def _answer_notes(draft: RoleDraft, account: Account | None) -> Iterator[tuple[str, DraftNote]]:
    """Yield (question, note); only the first note of a question is used."""
    kind, answers = draft.trust_kind, draft.answers_to_trust
    provider = answers.get("provider", "")
    if kind == "service" and (service := answers.get("service")):
        if note := service_note(service):
            yield "service", DraftNote(note)
        elif not _is_known(service):
            near = nearest_principal(service)
            meant = f"did you mean {near}?" if near else "check its documentation before you continue."
            text = f"This service is not known to rolescope: {meant}"
            yield "service", DraftNote(text, Weight.WARNING)
    if missing := _missing_provider(kind, provider, account):
        text = f"The account has no {missing}: nobody can assume the role until that exists."
        yield "provider", DraftNote(text, Weight.WARNING)
    by_name = kind == "github" and answers.get("organization") and answers.get("form", "name") == "name"
    if by_name and date.today() > GITHUB_IDS_SINCE:
        text = (
            f"Repositories created, renamed or transferred after {GITHUB_IDS_SINCE} need the form of the subject that "
            "contains IDs."
        )
        yield "form", DraftNote(text, Weight.WARNING)
    tested = TELLING_KEYS.get(issuer_of(provider).removeprefix("https://").lower(), ())
    if kind == "oidc" and tested:
        text = f"Many customers share this provider: IAM requires a condition on {' or '.join(tested)}."
        yield "provider", DraftNote(text)
    foreign = kind == "account" and account is not None and answers.get("account", "") not in ("", account.id)
    if foreign and not answers.get("external_id"):
        text = "If another company owns the account, an external ID protects you against a confused deputy."
        yield "external_id", DraftNote(text)


def _missing_provider(kind: str, provider: str, account: Account | None) -> str:
    """Return the identity provider that the draft needs and the account lacks, in words; "" if none is missing."""
    if account is None:
        return ""
    if kind == "saml" and provider and account.saml_providers is not None:
        name = provider.rpartition("/")[2]
        return "" if name in {each.name for each in account.saml_providers} else f"SAML provider {name}"
    if not any(question.complete == "oidc-provider" for question in trust_recipe(kind).questions):
        return ""
    url = provider.rpartition(":oidc-provider/")[2].removeprefix("https://") or _DEFAULTS.get(kind, "")
    known = account.oidc_providers
    return f"provider {url}" if known is not None and url and url not in {each.url for each in known} else ""


def service_note(name: str) -> str:
    """Return a service's description and the requirements for its role; "" if the service is not in the table."""
    row = service_role(name)
    if row is None:
        return ""
    guard = guard_of(name)
    kept_out = "AWS documents no condition for the role of this service."
    if guard.account or guard.sources:
        kept_out = "The trust policy has a condition on the source, so only this account's resources can use the role."
    elif guard.external_id:
        kept_out = "The trust policy tests the external ID that the service sends."
    named = f"The role must be named {row.name}." if row.name else ""
    attached = listing([each.rpartition("/")[2] for each in row.policies])
    needed = f"AWS's documentation says to attach {attached}." if attached else ""
    if not attached and row.actions:
        needed = f"AWS's documentation says to allow {listing(row.actions, limit=3)}."
    return " ".join(part for part in (f"{row.title}.", named, row.note, needed, kept_out) if part)


def _is_known(service: str) -> bool:
    name = service.lower()
    return name in SERVICE_PRINCIPALS or f"{name}.amazonaws.com" in SERVICE_PRINCIPALS


_DEFAULTS = {
    "github": "token.actions.githubusercontent.com",
    "gitlab": "gitlab.com",
    "terraform": "app.terraform.io",
}


def detail_notes(draft: RoleDraft, account: Account | None, alike: tuple[str, ...]) -> Notes:
    """Return notes on the role's details. ``alike`` are the names of roles that the same principals may assume."""
    if account is None:
        return {}
    found = (
        (What.NAME, _name_note(draft.name, account, alike)),
        (What.TAG, _tags_note(draft, account)),
        (What.BOUNDARY, _boundary_note(draft, account)),
        (What.PROFILE, _profile_note(draft, account)),
    )
    return {Place(what): note for what, note in found if note is not None}


def _name_note(name: str, account: Account, alike: tuple[str, ...]) -> DraftNote | None:
    pattern, sentence = role_pattern(account)
    ending = usual_ending(alike)
    if ending is not None:
        word, count = ending
        example = next(each for each in alike if each.endswith(word))
        sentence = f"Of {plural(len(alike), 'role')} of this kind, {count} end in “{word}”, for example {example}."
    if not name:
        return DraftNote(sentence) if sentence else None
    if account.role_ignoring_case(name) is not None:
        return None
    unsure = "; not all roles could be read" if "roles" in account.incomplete or account.progress else ""
    unlike = not name.endswith(ending[0]) if ending is not None else pattern.separator not in name
    more = f" {sentence}" if unlike else ""
    free = f"No role has this name, regardless of case{unsure}.{more}"
    return DraftNote(free, Weight.NOTE if unsure else Weight.GOOD)


def _tags_note(draft: RoleDraft, account: Account) -> DraftNote | None:
    typed = {text.partition("=")[0].strip().lower() for text in values_of(draft.tag_rows)}
    missing = [(key, count, total) for key, count, total in usual_tags(account) if key.lower() not in typed]
    if not missing:
        return None
    keys = ", ".join(key for key, _, _ in missing[:4])
    count, total = missing[0][1:]
    return DraftNote(f"Most roles in this account have {keys} ({count} of {total}, without AWS's own).")


def _boundary_note(draft: RoleDraft, account: Account) -> DraftNote | None:
    known = boundaries(account)
    used = bounded_roles(account)[known[0]] if known and not draft.boundary else 0
    return DraftNote(f"{name_of(known[0])} is the boundary of {used} roles in this account.") if used else None


def _profile_note(draft: RoleDraft, account: Account) -> DraftNote | None:
    profile = draft.instance_profile
    known = account.instance_profile_ignoring_case(profile) if profile else None
    if known is None or known.roles:
        return None
    return DraftNote(f"The plan uses the instance profile {known.name}, which exists and is empty.")
