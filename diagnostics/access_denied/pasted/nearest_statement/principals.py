"""Why the closest statement does not name the caller: another ID, a similar name, or the role itself."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name
from diagnostics.access_denied.pasted.fixes.similar_names import fix_of_names
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack
from diagnostics.fix import Fix, Note
from diagnostics.text.near_pairs.similarity import Resemblance, resemblance
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.decision import Fault, NearMiss
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.words import listing

_UNIQUE_ID = regex(r"A(?:IDA|ROA)[A-Z0-9]{6,}")
"""The unique ID of a user or role (IAM User Guide, "IAM identifiers", unique identifiers:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""


def names_a_deleted_principal(closest: Closest) -> Lack | None:
    """The statement names the unique ID of a user or role. IAM shows this ID in place of a deleted principal."""
    near = closest.near
    if near.fault is not Fault.PRINCIPAL_MISMATCH or not any(map(_UNIQUE_ID.fullmatch, near.wanted)):
        return None
    more = (
        ", which is the ID of a deleted user or role. A user or role that was created again has another ID: write "
        "its ARN into the policy again"
    )
    arn = arn_to_name(closest.request.principal or "")
    fix = None
    if closest.word == "resource" and ":role/" in arn:
        text = f"Write {arn} instead of {listing(near.wanted)}, with the role's path (aws iam get-role shows the path)."
        note = Note("the resource's policy", text)
        fix = Fix("Name the new role in the resource's policy", Who.RESOURCE_OWNER, note)
    elif closest.word == "trust" and ":role/" in arn:
        text = (
            f"If {listing(near.wanted)} is this role's ID from before it was created again, write {arn} instead, "
            "with the role's path (aws iam get-role shows the path)."
        )
        fix = Fix("Name the new role in the trust policy", Who.RESOURCE_OWNER, Note("the trust policy", text))
    return Lack(more, f"names {listing(near.wanted)}", "orphan-principal", fix)


_OF_A_SET = regex(r"(?P<front>arn:[\w-]+:iam::\d{12}:role/)(?P<name>AWSReservedSSO_[\w+=,.@-]+)")
"""The ARN of a permission set's role, written without the path that these roles have."""


def names_a_set_without_its_path(closest: Closest) -> Lack | None:
    """The statement names the role of the caller's permission set without its path.

    IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS, and AWS KMS"
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
    """
    near = closest.near
    role = request_caller(closest.request.principal).name
    named = next(
        (found for each in near.wanted if (found := _OF_A_SET.fullmatch(each)) and found["name"] == role), None
    )
    if near.fault is not Fault.PRINCIPAL_MISMATCH or named is None:
        return None
    path = f"{named['front']}aws-reserved/sso.amazonaws.com/REGION/{named['name']}"
    more = (
        f" without its path: the complete ARN is {path} (some such ARNs have no Region), as aws iam get-role shows it"
    )
    note = Note("the resource's policy", f"Write the role's ARN with its path, {path}, in place of {named[0]}.")
    return Lack(more, f"names {named[0]}", fix=Fix("Name the role with its path", Who.RESOURCE_OWNER, note))


def names_a_similar_principal(closest: Closest) -> Lack | None:
    """The statement names a principal that may be a misspelling of the caller."""
    alike = _role_alike(closest.near, closest.request) if closest.near.fault is Fault.PRINCIPAL_MISMATCH else None
    if alike is None:
        return None
    session = request_caller(closest.request.principal)
    if session.kind is Kind.SESSION and alike.part == "name":
        return _of_an_existing_role(session.name or "", alike, closest)
    advice = f"{alike.advice[0].lower()}{alike.advice[1:]}"
    return Lack(f". Compare {alike.written} with {alike.asked}: {advice}", fix=fix_of_names(alike, closest.word))


def _of_an_existing_role(caller: str, alike: Resemblance, closest: Closest) -> Lack:
    """Return that the caller's role exists, as its session shows: only the other role may be a misspelling."""
    written = alike.written.rpartition("/")[2]
    place = f"the {LAYERS_IN_WORDS.get(closest.word, 'policy')} in the text"
    more = (
        f". Compare {written} with {caller}: AWS names a session of {caller}, so that role exists. Name it there if it "
        f"should have access. If {written} exists, too, and is intended, make the call with it: no policy has to change"
    )
    text = (
        f"If {caller} should have access, write {arn_to_name(closest.request.principal or '')} in place of the ARN of "
        f"{written}, or next to it if {written} uses this, too. Otherwise make the call with the role {written}."
    )
    return Lack(more, fix=Fix(f"Name {caller}, or call with {written}", Who.RESOURCE_OWNER, Note(place, text)))


def assumes_itself(request: Request) -> bool:
    """Return whether the caller is a session of the role to be assumed."""
    who, role = request_caller(request.principal), Arn.parse(request.resource)
    same = who.kind is Kind.SESSION and role is not None and role.type == "role"
    return same and role is not None and (who.account, who.name) == (role.account, role.name)


def of_itself(request: Request) -> Finding:
    """Return the finding that a role must be named in its own trust policy to assume itself.

    IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    name = request_caller(request.principal).name
    said = (
        f"the caller already is a session of the role {name}, and the role's trust policy does not name the role itself"
    )
    change = (
        f'Add "AWS": "{arn_to_name(request.principal or "")}" to the trust policy\'s Principal, with the role\'s '
        "path, and allow the role to perform sts:AssumeRole on itself. Or remove the setting that makes the "
        "program assume the role again: role_arn in the profile or provider, or the role of a cert-manager solver."
    )
    fix = Fix(
        "Let the role assume itself, or use the credentials that the caller has", Who.CALLER, Note("the role", change)
    )
    return Finding(f"trust.{Fault.PRINCIPAL_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


def _role_alike(near: NearMiss, request: Request) -> Resemblance | None:
    """Return a principal in the statement that may be a misspelling of the caller's role or user."""
    session = request_caller(request.principal).kind is Kind.SESSION
    alike = resemblance(arn_to_name(request.principal or ""), near.wanted)
    # A session's ARN does not contain the path of its role.
    return None if session and alike is not None and alike.part == "path" else alike
