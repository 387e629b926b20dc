"""Checks for conditions that seem to restrict access but exclude nobody, and for those that no request can meet."""

from __future__ import annotations

import re

from iam.facts.service_roles.lookup import service_role
from iam.facts.service_roles.service_role import OWN_ACCOUNT
from iam.policy.lint.finding import ERROR, SECURITY, WARNING, Part, Policy, PolicyKind, Text
from iam.policy.match import has_wildcard
from iam.policy.operators import Operator, operator
from iam.policy.principal import ROLES_ANYWHERE
from iam.policy.shared_providers import issuer_of
from iam.regions import REGION_NAME, is_known_region

_EXTERNAL_ID = "sts:externalid"
# Keys that a caller can omit: without them, an operator with IfExists is true (IAM User Guide, "IAM JSON policy
# elements: Condition operators", "...IfExists condition operators").
_OPTIONAL = frozenset(
    {
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:sourceidentity",
        "sts:sourceidentity",
        _EXTERNAL_ID,
    }
)
# IAM User Guide, "Available keys for SAML-based AWS STS federation": saml:aud is the sign-in endpoint.
_SIGN_IN = re.compile(
    rf"https://(?:{REGION_NAME}\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)"
    r"/saml(?:/acs/[\w-]+)?/?"
)


def check(policy: Policy) -> None:
    for part in policy.statements:
        if not part.allows or not policy.kind.grants:
            continue
        for written, key, place, held in part.conditions():
            parts = operator(written)
            if parts is None or parts.negated or parts.base == "Null":
                continue
            low = key.lower()
            _left_out(policy, parts, place, written, low)
            if low == "aws:requestedregion":
                _regions(policy, held)
            if policy.kind is PolicyKind.TRUST:
                if low == _EXTERNAL_ID:
                    _external_id(policy, part, place, parts, held)
                elif low == "saml:aud":
                    _sign_in(policy, place, parts, held)
                elif low.endswith(":sub"):
                    _subject(policy, part, place, parts, held)
        if policy.kind is PolicyKind.TRUST:
            _roles_anywhere(policy, part)


def _left_out(policy: Policy, parts: Operator, place: Text, written: str, key: str) -> None:
    if parts.if_exists and key in _OPTIONAL:
        message = (
            f"A caller who omits {place.text} passes {written}: write {written.removesuffix('IfExists')}, which "
            "requires the key."
        )
        policy.say(place.path, "OPTIONAL_KEY_WITH_IF_EXISTS", SECURITY, message)


def _external_id(policy: Policy, part: Part, place: Text, parts: Operator, held: tuple[Text, ...]) -> None:
    accounts = any(kind in ("AWS", "*") for kind, _ in part.principals())
    for text in held:
        if parts.base == "StringLike" and not text.text.strip("*?"):
            message = "Every external ID is accepted: write the external ID that was agreed with the other account."
            policy.say(text.path, "EXTERNAL_ID_OF_WILDCARDS", SECURITY, message)
        elif accounts and re.fullmatch(r"\d{12}", text.text):
            message = "An account ID is not secret: agree on an external ID that nobody else can guess."
            policy.say(text.path, "EXTERNAL_ID_IS_ACCOUNT", WARNING, message)
    services = [row for kind, text in part.principals() if kind == "Service" and (row := service_role(text.text))]
    sent = [row for row in services if row.guard.external_id]
    if accounts or len(sent) != len(services) or not sent or not held:
        return
    if not any(_sends(row.guard.external_id, text.text, parts) for row in sent for text in held):
        external_id = sent[0].guard.external_id
        wanted = "the role's account number" if external_id == OWN_ACCOUNT else external_id
        message = f"{sent[0].title} sends {wanted} as external ID, never {held[0].text[:60]}."
        policy.say(place.path, "SERVICE_EXTERNAL_ID_NEVER_SENT", ERROR, message)


def _sends(external_id: str, value: str, parts: Operator) -> bool:
    if "${" in value or (parts.base == "StringLike" and has_wildcard(value)):
        return True
    return re.fullmatch(r"\d{12}", value) is not None if external_id == OWN_ACCOUNT else value == external_id


def _sign_in(policy: Policy, place: Text, parts: Operator, held: tuple[Text, ...]) -> None:
    fixed = [text for text in held if "${" not in text.text]
    like = parts.base == "StringLike"
    wrong = [text for text in fixed if not _SIGN_IN.fullmatch(text.text) and not (like and has_wildcard(text.text))]
    if wrong and len(wrong) == len(held):
        message = (
            f"AWS has no sign-in endpoint {wrong[0].text[:80]}: SAML:aud is https://signin.aws.amazon.com/saml, or a "
            "Region's address."
        )
        policy.say(place.path, "SAML_AUDIENCE_NEVER_SENT", ERROR, message)
    for text in wrong if len(wrong) < len(held) else ():
        policy.say(text.path, "SAML_AUDIENCE_WITHOUT_EFFECT", WARNING, f"AWS has no sign-in endpoint {text.text[:80]}.")


def _subject(policy: Policy, part: Part, place: Text, parts: Operator, held: tuple[Text, ...]) -> None:
    issuers = [issuer_of(text.text) for kind, text in part.principals() if kind == "Federated"]
    issuer = next((each for each in issuers if f"{each}:sub".lower() == place.text.lower()), None)
    if issuer is None:
        return
    from iam.policy.risks.subjects import SubjectRisk, judge_subject

    found = [(text, judge_subject(issuer, text.text, parts.base == "StringLike")) for text in held]
    never = [(text, judged) for text, judged in found if judged is not None and judged.risk is SubjectRisk.NEVER]
    if never and len(never) == len(held):
        policy.say(place.path, "SUBJECT_NEVER_ISSUED", ERROR, never[0][1].sentence)
    for text, judged in never if len(never) < len(held) else ():
        policy.say(text.path, "SUBJECT_WITHOUT_EFFECT", WARNING, judged.sentence)
    if _otherwise_owned(part, issuer):
        return
    for text, judgement in found:
        if judgement is not None and judgement.risk is SubjectRisk.STRANGERS:
            policy.say(text.path, "SUBJECT_OPEN_TO_STRANGERS", SECURITY, judgement.sentence)


def _otherwise_owned(part: Part, issuer: str) -> bool:
    """Whether another of the issuer's claims identifies the token's owner, such as the ID of a group or an owner."""
    from iam.facts.token_subjects import token_subjects

    row = token_subjects(issuer)
    if row is None:
        return False
    wanted = {f"{issuer}:{claim}".lower() for claim in row.owner_claims}
    for written, key, _, held in part.conditions():
        parts = operator(written)
        if key.lower() not in wanted or parts is None or parts.negated or parts.if_exists:
            continue
        if parts.base.startswith("String") and held and all(text.text.strip("*?") for text in held):
            return True
    return False


def _roles_anywhere(policy: Policy, part: Part) -> None:
    """Check the trust of IAM Roles Anywhere (IAM Roles Anywhere User Guide, "Trust model")."""
    if any(key == "aws:sourcearn" or key.startswith("aws:principaltag/x509") for key in part.keys):
        return
    for kind, text in part.principals():
        if kind == "Service" and text.text == ROLES_ANYWHERE:
            message = (
                "Certificates of every trust anchor in the account can assume the role: add a condition on "
                "aws:SourceArn (the anchor's ARN) or on aws:PrincipalTag/x509Subject/CN."
            )
            policy.say(text.path, "ROLES_ANYWHERE_WITHOUT_TRUST_ANCHOR", SECURITY, message)


def _regions(policy: Policy, held: tuple[Text, ...]) -> None:
    for text in held:
        if "${" in text.text or has_wildcard(text.text) or is_known_region(text.text) or text.text == "aws-global":
            continue
        if re.fullmatch(REGION_NAME, text.text):
            policy.say(text.path, "UNKNOWN_REGION", WARNING, f"{text.text[:40]} is not a known Region.")
