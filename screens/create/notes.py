"""What helps at a field before anything is wrong with it: what a service is, how names are made here, usual tags."""

from __future__ import annotations

from collections.abc import Sequence

from iam.account import Account
from iam.arn import name_of
from iam.creation.names import boundaries, role_pattern, usual_ending, usual_tags
from iam.creation.recipes.table import trust_recipe
from iam.policy.shared_providers import TELLING_KEYS, issuer_of
from iam.services import SERVICE_PRINCIPALS
from screens.create.draft import CUSTOM, Draft
from screens.create.fields import service_note
from screens.text import plural
from screens.widgets.form.form import list_values
from screens.widgets.form.sentence import Tone

Notes = dict[str, tuple[str, Tone]]


def trust_notes(draft: Draft, account: Account | None) -> Notes:
    notes: Notes = {}
    if draft.kind == CUSTOM:
        return notes
    recipe = trust_recipe(draft.kind)
    if recipe.note:
        notes["trust.kind"] = (recipe.note, Tone.NOTE)
    if draft.kind == "service" and (note := service_note(draft.get("trust.service.service"))):
        notes["trust.service.service"] = (note, Tone.NOTE)
    service = draft.get("trust.service.service")
    if draft.kind == "service" and service and not service_note(service) and not _is_known(service):
        text = "This is none of the services that are known here: compare its documentation before going on."
        notes["trust.service.service"] = (text, Tone.WARNING)
    provider = draft.get(f"trust.{draft.kind}.provider")
    if account is not None and any(question.complete == "oidc-provider" for question in recipe.questions):
        known = account.oidc_providers
        url = provider.rpartition(":oidc-provider/")[2].removeprefix("https://") or _DEFAULTS.get(draft.kind, "")
        if known is not None and url and url not in {each.url for each in known}:
            text = f"The account has no provider {url}: until it is made, nobody can assume the role."
            notes[f"trust.{draft.kind}.provider"] = (text, Tone.WARNING)
    telling = TELLING_KEYS.get(issuer_of(provider).removeprefix("https://").lower(), ())
    if draft.kind == "oidc" and telling:
        text = f"Many share this provider: IAM takes the policy only with a test of {' or '.join(telling)}."
        notes.setdefault("trust.oidc.provider", (text, Tone.NOTE))
    if account is not None and draft.kind == "saml" and provider and account.saml_providers is not None:
        name = provider.rpartition("/")[2]
        if name not in {each.name for each in account.saml_providers}:
            text = f"The account has no SAML provider {name}: until it is made, nobody can assume the role."
            notes["trust.saml.provider"] = (text, Tone.WARNING)
    external = draft.get("trust.account.account")
    foreign = draft.kind == "account" and account is not None and external not in ("", account.id)
    if foreign and not draft.get("trust.account.external_id"):
        text = "For another company's account an external ID keeps it from being used for a third one's purposes."
        notes["trust.account.external_id"] = (text, Tone.NOTE)
    return notes


def _is_known(service: str) -> bool:
    name = service.lower()
    return name in SERVICE_PRINCIPALS or f"{name}.amazonaws.com" in SERVICE_PRINCIPALS


_DEFAULTS = {
    "github": "token.actions.githubusercontent.com",
    "gitlab": "gitlab.com",
    "terraform": "app.terraform.io",
}


def detail_notes(draft: Draft, account: Account | None, alike: Sequence[str]) -> Notes:
    """``alike`` are the names of the roles that the same principals may assume."""
    notes: Notes = {}
    if account is None:
        return notes
    name = draft.get("name")
    pattern, sentence = role_pattern(account)
    ending = usual_ending(alike)
    if ending is not None:
        word, count = ending
        example = next(each for each in alike if each.endswith(word))
        sentence = f"{count} of {plural(len(alike), 'role')} of this kind end with “{word}”, such as {example}."
    if not name:
        if sentence:
            notes["name"] = (sentence, Tone.NOTE)
    elif account.role_ignoring_case(name) is None:
        free = "No role has this name, in any case of its letters"
        unsure = "; not all roles could be read" if "roles" in account.incomplete or account.progress else ""
        unlike = not name.endswith(ending[0]) if ending is not None else pattern.separator not in name
        more = f" {sentence}" if unlike else ""
        notes["name"] = (f"{free}{unsure}.{more}", Tone.GOOD if not unsure else Tone.NOTE)
    tags = usual_tags(account)
    typed = {text.partition("=")[0].strip().lower() for text in list_values(draft.values, "tags")}
    missing = [(key, count, total) for key, count, total in tags if key.lower() not in typed]
    if missing:
        keys = ", ".join(key for key, _, _ in missing[:4])
        count, total = missing[0][1:]
        notes["tags"] = (f"Most roles here carry {keys} ({count} of {total}).", Tone.NOTE)
    if not draft.get("boundary") and (known := boundaries(account)):
        used = sum(role.boundary_arn == known[0] for role in account.roles)
        if used:
            text = f"{name_of(known[0])} is the boundary of {used} roles here."
            notes["boundary"] = (text, Tone.NOTE)
    if draft.profile and (held := account.instance_profile_ignoring_case(draft.profile)) and not held.roles:
        notes["profile"] = (f"The instance profile {held.name} is there and empty: it is used.", Tone.NOTE)
    return notes
