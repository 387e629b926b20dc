"""Explain denials by AWS's own rules: changes that no Allow permits, and calls that some callers may never make."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Confidence, Evidence, Status, Step, Verdict
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.permission_set_roles import permission_set_fix, permission_set_sentence
from diagnostics.who import Who
from iam.account import Account, Role
from iam.arn import account_of, name_of
from iam.claims import Ground, Sourced, confidence
from iam.ownership import OwnerKind, owner_named
from iam.policy.principal import caller
from iam.policy.reserved import allowed_by_aws, kept_from_everybody, needs_no_permission, refused_by_aws
from iam.service_reference import spelled


def kept_by_aws_parts(subject: Subject, account: Account) -> Iterator[Step | Verdict | Fix]:
    """Yield the rule that denies the request, the verdict, and what to do instead.

    Yield nothing if the action could be allowed.
    """
    action, arn = (subject.action or "").lower(), subject.resource or ""
    if subject.principal and (free := allowed_by_aws(caller(subject.principal), action)):
        yield from _free_parts(subject, free)
        return
    rule = refused_by_aws(caller(subject.principal), action, arn) if subject.principal else None
    rule = rule or kept_from_everybody(action, arn)
    if rule is None:
        return
    if ":role/" in arn and kept_from_everybody(action, arn):
        yield from _role_parts(subject, arn, account)
        return
    yield Step("owner", "What AWS reserves for itself", Status.FAIL, rule, (Evidence(text=rule, arn=arn or None),))
    if not kept_from_everybody(action, arn):
        yield Verdict("credentials.invalid", _by_rule(subject.who, subject.what), rule)
        yield _other_caller(subject)
        return
    written = spelled(subject.action or "")
    sure = _by_rule(subject.what, subject.on)
    yield Verdict("aws.reserved", sure, f"{rule} An Allow of {written} on {arn} would not help.")
    yield _own_policy(arn, action) if ":policy/" in arn else _own_alias(arn)


def _by_rule(*values: Sourced[str] | None) -> Confidence:
    """Return the confidence of a verdict that follows from AWS's rule and these values of the request."""
    return confidence(Ground.RULE, rests_on=filter(None, values))


def _role_parts(subject: Subject, arn: str, account: Account) -> Iterator[Step | Verdict | Fix]:
    role = account.role(arn) if account_of(arn) in (account.id, None) else None
    said = f"{arn}: AWS reserves this path"
    call = "iam:GetRole" if role is not None else None
    evidence = (Evidence(text=said, arn=arn, call=call),)
    yield Step("owner", "Owner of the role", Status.FAIL, said, evidence)
    written = spelled(subject.action or "")
    last = f" An Allow of {written} would not help: IAM refuses the change itself."
    yield from owned_parts(role, name_of(arn), written.partition(":")[2], last, named=subject.on)


def _free_parts(subject: Subject, rule: str) -> Iterator[Step | Verdict | Fix]:
    """Explain the denial of an action that AWS allows without any policy."""
    written = spelled(subject.action or "")
    said = f"{rule} So the credentials were refused, or the call went to another system."
    yield Step(
        "owner",
        "What AWS allows without a policy",
        Status.FAIL,
        rule,
        (Evidence(text=needs_no_permission(written) or rule),),
    )
    yield Verdict("credentials.invalid", confidence(Ground.LIKENESS), said)
    yield Fix(
        f"Renew the credentials: no policy decides {written}",
        Who.CALLER,
        Note(
            subject.principal or "the caller", f"{said} Check the key, the session token, the clock and the endpoint."
        ),
    )


def _other_caller(subject: Subject) -> Fix:
    written = spelled(subject.action or "")
    assuming = written == "sts:AssumeRole"
    whose = "as a user or as a role" if assuming else "with a user's own access key"
    return Fix(
        f"Call {written} {whose}: AWS does not accept these credentials for this call, whatever the policies say",
        Who.CALLER,
        Note(
            subject.principal or "the caller",
            "Find out which credentials made the call (aws sts get-caller-identity), and choose the profile of "
            + ("a user, or of a role that the trust policy names." if assuming else "a user with a long-term key."),
        ),
    )


def _own_policy(arn: str, action: str) -> Fix:
    name = name_of(arn)
    if action in ("iam:deletepolicy", "iam:deletepolicyversion"):
        title = f"Detach {name} where it allows too much: the policy cannot be deleted"
        text = "Nobody can delete the policy or a version of it."
    elif action in ("iam:tagpolicy", "iam:untagpolicy"):
        title, text = f"Do not tag {name}: only your own policies can have tags", "The policy has no tags."
    else:
        title = f"Copy {name} to a policy of your own, change the copy, and attach it instead"
        text = "Only AWS can change this policy, and does so when services change."
    return Fix(title, Who.ACCOUNT_ADMIN, Note(arn, f"{name} is managed by AWS. {text}"))


def _own_alias(arn: str) -> Fix:
    return Fix(
        "Use another alias, with a key of your own: aliases with alias/aws/ belong to AWS",
        Who.ACCOUNT_ADMIN,
        Note(
            arn,
            f"{arn} belongs to an AWS managed key, or is reserved for one. You can use any other name after alias/.",
        ),
    )


def owned_parts(
    role: Role | None,
    name: str,
    operation: str | None,
    last_sentence: str = "",
    *,
    named: Sourced[str] | None = None,
) -> Iterator[Verdict | Fix]:
    """Yield the verdict, and what to do instead, for a role that AWS owns.

    ``last_sentence`` is appended to the verdict and starts with a space. ``named`` is the role's ARN with its source;
    it is None if the text itself names the role.
    """
    owner = owner_named(name, role.path if role is not None else "")
    if owner.kind is OwnerKind.IDENTITY_CENTER:
        yield Verdict(
            "role.service-owned",
            _by_rule(named),
            f"{permission_set_sentence(name, owner.name)}{last_sentence}",
        )
        yield permission_set_fix(name, owner.name, operation)
        return
    service = owner.name
    deletes = operation in ("DeleteRole", "DeleteServiceLinkedRole")
    said = (
        ("DeleteRole cannot delete this role. Use delete-service-linked-role once the service no longer uses the role.")
        if deletes
        else "Nobody can change the role's policies or trust policy, only its description and tags."
    )
    yield Verdict("role.service-owned", _by_rule(named), f"{name} is owned by {service}: {said}{last_sentence}")
    if deletes:
        yield Fix(
            f"First delete the resources in {service} that need the role. Then let IAM delete the service-linked "
            "role (a task with a status)",
            Who.ACCOUNT_ADMIN,
            ShellCommand(
                name,
                f"aws iam delete-service-linked-role --role-name {shlex.quote(name)}",
                operation="delete-service-linked-role",
            ),
            cautions=(
                f"The task fails while resources of {service} use the role: get-service-linked-role-deletion-status "
                "shows them",
            ),
        )
        return
    yield Fix(
        f"Leave {name} as it is: its permissions are {service}'s own",
        Who.ACCOUNT_ADMIN,
        Note(
            name,
            f"{service} creates {name} and gives it the permissions that the service needs; nobody else can change "
            "the permissions. If the role lacks access to a resource, change that resource's own policy (a key "
            "policy or a grant).",
        ),
    )
