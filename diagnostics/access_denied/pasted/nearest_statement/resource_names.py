"""Why the closest statement does not name the resource: what its ARN lacks, or which other resources it names."""

from __future__ import annotations

import json
from collections.abc import Collection

from diagnostics.access_denied.pasted.malformed_arns import MalformedArn, malformed_arn, with_empty_name
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.service_reference import action as known_action
from iam.words import listing


def leaves_the_resource_out(closest: Closest) -> Lack | None:
    """The statement has a NotResource that names the resource."""
    return Lack(": another statement would have to allow the action") if closest.near.element == "NotResource" else None


def has_an_empty_name(closest: Closest) -> Lack | None:
    """The name in the statement's ARN is empty, because a variable had no value."""
    near, request = closest.near, closest.request
    empty = with_empty_name(request.action, near.wanted, request.resource) if closest.by_name else None
    if empty is None:
        return None
    written, right = empty
    text = "The variable for this name has no value: set it. The statement itself does not have to change."
    fix = Fix(f"Let {written} in {closest.which} be {right}", closest.owner, Note(closest.place, text))
    return Lack(f": the name in {written} is empty", fix=fix)


def ends_with_a_slash(closest: Closest) -> Lack | None:
    """The statement's ARN is that of the resource, with a slash at its end."""
    asked = closest.request.resource
    written = next((each for each in closest.near.wanted if each == f"{asked}/"), None) if closest.by_name else None
    if written is None:
        return None
    text = (
        f"Write {asked}, without the slash at its end, and keep the rest: all actions of the statement need this ARN."
    )
    title = f"Remove the slash at the end of {written} in {closest.which}"
    return Lack(
        ": the slash at its end matches no such resource", fix=Fix(title, closest.owner, Note(closest.place, text))
    )


def has_a_malformed_arn(closest: Closest) -> Lack | None:
    """The statement's ARN does not have the form of the resource's type."""
    malformed = closest.malformed
    if malformed is None:
        return None
    change = f"Correct {malformed.written} there."
    if malformed.other:
        change = (
            f"{malformed.written} is of another type: keep this ARN only if the statement has actions for that type."
        )
    text = f"{change} Leave the rest of the statement unchanged; no other change is needed."
    title = f"Write {malformed.right} in the Resource of {closest.which}"
    return Lack(
        f": an ARN of the type {malformed.kind} is {malformed.form}",
        f"names {malformed.written}, not {closest.request.resource}",
        fix=Fix(title, closest.owner, Note(closest.place, text)),
    )


def needs_every_resource(closest: Closest) -> Lack | None:
    """The call does not act on a particular resource."""
    if not closest.by_name or closest.request.resource != "*":
        return None
    return Lack(", but the call does not act on a particular resource, so its statement needs Resource *")


def leaves_out_a_type(closest: Closest) -> Lack | None:
    """The statement names all of the action's resource types but one."""
    kind = _left_out_type(closest.near, closest.request) if closest.by_name else ""
    if not kind:
        return None
    more = f": the request acts on the resource type {kind}, but the statement names no resource of this type"
    return Lack(more, inner=closest.request.resource)


def is_shared_by_another_account(closest: Closest) -> Lack | None:
    """The resource of EC2 belongs to another account, and the statement names those of the caller's own.

    EC2 finds a resource by its ID, so the account in the ARN is its owner's. Amazon VPC User Guide, "Share your VPC
    subnets with other accounts" (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html).
    """
    arn, alike = Arn.parse(closest.request.resource), closest.alike
    if (
        arn is None
        or alike is None
        or alike.part != "account"
        or not _EC2_ID.fullmatch(f"{arn.service}:{arn.resource}")
    ):
        return None
    if request_caller(closest.request.principal).account in ("", arn.account):
        return None
    kind = arn.resource.partition("/")[0]
    wide = f"arn:{arn.partition}:ec2:{arn.region}:{arn.account}:{kind}/*"
    text = (
        f"Add {closest.request.resource} to its Resource (or {wide}), and keep the rest. If that account does not "
        "share its network with yours, correct the ID in the request instead."
    )
    return Lack(
        f": the {kind} belongs to account {arn.account}, which most likely shares the {kind} with the caller's account",
        fix=Fix(
            f"Allow the action on the {kind} of account {arn.account}, too", closest.owner, Note(closest.place, text)
        ),
        settles_name=True,
    )


_EC2_ID = regex(r"ec2:[a-z-]+/[a-z]+-[0-9a-f]{8,17}")


def names_the_own_device(closest: Closest) -> Lack | None:
    """The statement lets users manage only the MFA device with their own name."""
    device = _of_another_name(closest.near, closest.request, closest.named) if closest.by_name else None
    return None if device is None else Lack(f": {device[0]}", fix=device[1])


def names_the_state_without_its_lock(closest: Closest) -> Lack | None:
    """The statement names Terraform's state, but the call uses the lock of the state."""
    request = closest.request
    if not closest.by_name or not is_lock(request.resource, closest.near.wanted):
        return None
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    statement = json.dumps({"Effect": "Allow", "Action": actions, "Resource": request.resource})
    note = Note("the policy in the text", f"Add the statement {statement}.")
    return Lack(
        ": this object is the lock of Terraform's S3 backend, a separate object next to the state",
        fix=Fix(f"Allow {listing(actions)} on the lock", Who.ACCOUNT_ADMIN, note),
    )


def is_lock(asked: str, named: Collection[str]) -> bool:
    """Return whether the object is a Terraform state's lock file, and the statement names the state itself.

    Terraform, "S3 backend", use_lockfile (https://developer.hashicorp.com/terraform/language/backend/s3).
    """
    return asked.endswith(".tflock") and any(asked.removesuffix(".tflock").endswith(each) for each in named)


_OWN_DEVICE = ":mfa/${aws:username}"


def _of_another_name(near: NearMiss, request: Request, named: Collection[str]) -> tuple[str, Fix] | None:
    """Return a sentence that users may create only an MFA device with their own name, and the fix; None otherwise.

    A user chooses the device's name. IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own
    credentials", which allows every name
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
    """
    device = request.resource.partition(":mfa/")[2]
    user = request_caller(request.principal)
    if not device or user.kind is not Kind.USER or not any(each.endswith(_OWN_DEVICE) for each in named):
        return None
    arn = request.resource.replace(f":mfa/{device}", ":mfa/*")
    text = (
        f"Name the device {user.name}; then no policy has to change. Or let users choose the name: write {arn} in "
        f"place of the ARN that ends in {_OWN_DEVICE} for iam:CreateVirtualMFADevice and "
        "iam:DeleteVirtualMFADevice. Keep user/${aws:username} for the other actions."
    )
    why = f"the device is called {device}, but ${{aws:username}} is {user.name}"
    return why, Fix(f"Name the device {user.name}, or allow any name", Who.CALLER, Note("the device", text))


def malformed(near: NearMiss, request: Request) -> MalformedArn | None:
    """Return the ARN of the statement that does not have the form of the resource's type; None if there is none."""
    actions = near.policy.document.statements[near.statement].action or ()
    alone = [each.lower() for each in actions] == [request.action.lower()]
    value = near.policy.document.value
    raw = value["Statement"][near.statement].get("Resource", []) if isinstance(value, dict) else []
    short = [each for each in ([raw] if isinstance(raw, str) else raw) if f"{each}:*" in near.wanted]
    return malformed_arn(request.action, [*short, *near.wanted], request.resource, alone=alone)


def _left_out_type(near: NearMiss, request: Request) -> str:
    """Return the type of the requested resource if the statement names several of the action's other types; else "".

       The type is returned only if the statement has no conditions and names this action alone. Service Authorization
    Reference: some actions are checked on one resource of each type that takes part in the call
    (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    """
    known = known_action(request.action)
    types = known.resource_types if known is not None else ()
    asked = next((each for each in types if each.fits(request.resource)), None)
    statement = near.policy.document.statements[near.statement]
    if asked is None or [each.lower() for each in statement.action or ()] != [request.action.lower()]:
        return ""
    named = [next((each.name for each in types if each.fits(arn)), "") for arn in near.wanted]
    several = len(set(named)) > 1 and not {"", asked.name} & set(named)
    return asked.name if several and not statement.conditions else ""
