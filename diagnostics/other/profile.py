"""Explain instance profiles without a role, missing ones, and instances without a profile."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from diagnostics.access_denied.evidence.other_roles import shared_words
from diagnostics.access_denied.request.caller import similar_name
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Change, Fix, ShellCommand, calls_or_note, iam_call, to_complete
from diagnostics.text.answer.other_failures import cause_of, message_step
from diagnostics.who import Who
from iam.account import Account, InstanceProfile, Role
from iam.arn import name_of
from iam.claims import Ground, confidence
from iam.creation.spec import trusts_ec2
from iam.lazy_pattern import regex
from iam.other_services import Instance
from iam.sources.reader.opened import OpenedAccount

_PROFILE = regex(r"instance-profile/(?:[^\s\"'`/]+/)*(?P<name>[\w+=,.@-]+)")
_INSTANCE = regex(r"\bi-[0-9a-f]{3,17}\b")
_REFRESH = (
    "A running instance keeps its former credentials. Associate the profile again, or stop and start the instance, "
    "and wait a minute for new credentials."
)

Part = Step | Verdict | Fix


def explain(failure: OtherFailure, opened: OpenedAccount, hint: str | None) -> Iterator[Part]:
    yield message_step(failure)
    listed = opened.reader.instances()
    instances = listed.value or ()
    instance = _instance(failure.text, instances)
    meant, unread = _INSTANCE.search(failure.text), listed.why or listed.note
    if instance is None and meant and unread:
        yield Step("instance", "The instance", Status.UNKNOWN, f"{meant[0]}: cannot be read from here: {unread}")
    name = failure.name or _named(failure.text) or (_last(instance.instance_profile_arn) if instance else None)
    if instance is not None:
        arn = instance.instance_profile_arn
        said = f"{instance.id} uses {_last(arn)}" if arn else f"{instance.id} has no instance profile"
        evidence = (Evidence(text=said, arn=arn, call="ec2:DescribeInstances"),)
        yield Step("instance", "The instance", Status.PASS if arn else Status.FAIL, said, evidence)
        if arn is None:
            yield from _none_attached(instance, opened.account)
            return
    if name is None:
        yield from _unnamed(failure, opened.account)
        return
    reading = opened.reader.instance_profile(name)
    profile = reading.value
    if profile is None:
        yield from _missing(name, opened.account, reading.call, reading.why)
        return
    users = [entry.id for entry in instances if entry.instance_profile_arn == profile.arn]
    said = f"{profile.name} contains {_contents(profile)}"
    if users:
        said += f"; used by {', '.join(users)}"
    evidence = (Evidence(text=said, arn=profile.arn, call=reading.call),)
    yield Step("profile", "The instance profile", Status.PASS if profile.roles else Status.FAIL, said, evidence)
    if profile.roles:
        yield from _has_a_role(profile, users)
        return
    yield from _empty(profile, users, opened.account, hint)


def lacks_role(text: str, opened: OpenedAccount) -> bool:
    """Return whether the text names an instance that certainly gets no role: it has no profile or an empty profile."""
    if not _INSTANCE.search(text):
        return False
    instance = _instance(text, opened.reader.instances().value or ())
    if instance is None:
        return False
    if instance.instance_profile_arn is None:
        return True
    profile = opened.reader.instance_profile(_last(instance.instance_profile_arn) or "")
    return profile.absent or (profile.value is not None and not profile.value.roles)


def _empty(profile: InstanceProfile, users: list[str], account: Account, hint: str | None) -> Iterator[Part]:
    others = _profiles_alike(profile.name, account)
    roles = _roles_for(profile.name, others, account, hint)
    if others:
        said = "; ".join(f"{other.name} contains {', '.join(other.roles)}" for other in others[:4])
        evidence = tuple(Evidence(text=f"contains {', '.join(other.roles)}", arn=other.arn) for other in others[:4])
        yield Step("neighbours", "Profiles with a similar name", Status.PASS, said, evidence)
    used = f", and {', '.join(users)} uses it" if users else ""
    # Nothing records which role a profile had: a similar name is a guess, and is reported as one.
    hold = f" Which role it had is not recorded; {roles[0].name} has a similar name" if roles else ""
    hold += f" and is in {others[0].name}" if roles and others and roles[0].name in others[0].roles else ""
    yield Verdict(
        "instance-profile.empty",
        confidence(Ground.READ),
        f"The instance profile {profile.name} has no role{used}: policies are not the "
        f"cause.{hold + '.' if hold else ''}",
    )
    role = roles[0].name if roles else "ROLE"
    call = iam_call("AddRoleToInstanceProfile", InstanceProfileName=profile.name, RoleName=role)
    if roles:
        title = f"Add {role} to the instance profile {profile.name}, if the profile contained this role before"
        change: Change = calls_or_note(profile.arn, call, remark=_REFRESH)
    else:
        title = f"Add a role that trusts ec2.amazonaws.com to the instance profile {profile.name}"
        change = to_complete(profile.arn, role, call, remark=_REFRESH)
    yield Fix(title, Who.ACCOUNT_ADMIN, change)
    for other in others[:1]:
        instance = users[0] if users else "INSTANCE-ID"
        yield Fix(
            f"Or let the instance use {other.name}, which contains {', '.join(other.roles)}",
            Who.ACCOUNT_ADMIN,
            ShellCommand(
                other.arn,
                "aws ec2 describe-iam-instance-profile-associations --filters "
                f"Name=instance-id,Values={shlex.quote(instance)}\n"
                "aws ec2 replace-iam-instance-profile-association --association-id ASSOCIATION-ID "
                f"--iam-instance-profile Name={shlex.quote(other.name)}",
            ),
        )


def _has_a_role(profile: InstanceProfile, users: list[str]) -> Iterator[Part]:
    yield Verdict(
        "instance-profile.empty",
        confidence(Ground.LIKENESS),
        f"The instance profile {profile.name} contains {', '.join(profile.roles)} now. The profile was empty "
        "before, or was created again, and the instance does not use the change yet.",
    )
    instance = users[0] if users else "INSTANCE-ID"
    yield Fix(
        "Associate the profile with the instance again",
        Who.ACCOUNT_ADMIN,
        ShellCommand(
            profile.arn,
            "aws ec2 describe-iam-instance-profile-associations --filters "
            f"Name=instance-id,Values={shlex.quote(instance)}\n"
            "aws ec2 replace-iam-instance-profile-association --association-id ASSOCIATION-ID "
            f"--iam-instance-profile Name={shlex.quote(profile.name)}\n# {_REFRESH}",
        ),
    )


def _missing(name: str, account: Account, call: str, why: str) -> Iterator[Part]:
    if why:
        yield Step("profile", "The instance profile", Status.UNKNOWN, f"{name}: cannot be read from here: {why}")
        yield Verdict(
            "instance-profile.empty",
            confidence(Ground.LIKENESS),
            f"The text says that the instance profile {name} contains no role; the profile cannot be read from here.",
        )
        return
    known = {each.name: each for each in account.instance_profiles or ()}
    similar = similar_name(name, known)
    near = [known[similar]] if similar is not None else _profiles_alike(name, account)[:1]
    evidence = (Evidence(text=f"no instance profile {name}", call=call),)
    yield Step("profile", "The instance profile", Status.FAIL, f"the account has none called {name}", evidence)
    role = account.role(name)
    confusion = (
        " A role with that name exists, but a profile's name can differ from its role's name."
        if role is not None
        else ""
    )
    yield Verdict(
        "instance-profile.missing",
        confidence(Ground.READ),
        f"The account has no instance profile {name}.{confusion}"
        + (f" A similar name is {near[0].name}, which contains {_contents(near[0])}." if near else ""),
    )
    calls = (
        iam_call("CreateInstanceProfile", InstanceProfileName=name),
        iam_call("AddRoleToInstanceProfile", InstanceProfileName=name, RoleName=role.name if role else "ROLE"),
    )
    instead = (
        f"Use {near[0].name}, if this is the profile that you want, or create" if near and near[0].roles else "Create"
    )
    if near and not near[0].roles:
        instead = f"Use {near[0].name}, if this is the profile that you want, and add a role to it, or create"
    yield Fix(
        f"{instead} the instance profile {name}",
        Who.ACCOUNT_ADMIN,
        calls_or_note(name, *calls) if role else to_complete(name, "ROLE", *calls),
    )


def _none_attached(instance: Instance, account: Account) -> Iterator[Part]:
    yield Verdict(
        "instance-profile.missing",
        confidence(Ground.READ),
        f"The instance {instance.id} has no instance profile, so it gets no credentials.",
    )
    profiles = [profile.name for profile in account.instance_profiles or () if profile.roles]
    yield Fix(
        "Associate an instance profile that contains the role",
        Who.ACCOUNT_ADMIN,
        ShellCommand(
            instance.id,
            f"aws ec2 associate-iam-instance-profile --instance-id {shlex.quote(instance.id)} "
            f"--iam-instance-profile Name={shlex.quote(profiles[0]) if len(profiles) == 1 else 'PROFILE'}",
        ),
    )


def _unnamed(failure: OtherFailure, account: Account) -> Iterator[Part]:
    """Explain a text that names no profile: one of the account's empty profiles may be meant."""
    empty = [profile for profile in account.instance_profiles or () if not profile.roles]
    cause, sentence = cause_of(failure)
    if account.instance_profiles is not None:
        said = f"empty: {', '.join(profile.name for profile in empty)}" if empty else "none is empty"
        yield Step("profile", "Instance profiles of the account", Status.FAIL if empty else Status.PASS, said)
    named = f" Empty instance profiles of the account: {', '.join(profile.name for profile in empty)}." if empty else ""
    yield Verdict(cause, confidence(Ground.LIKENESS), f"{sentence} The text does not name the instance profile.{named}")
    for profile in empty[:1]:
        yield from (part for part in _empty(profile, [], account, None) if isinstance(part, Fix))
    if not empty:
        yield Fix(
            "Check which instance profile the instance has, and which role it contains",
            Who.YOU,
            ShellCommand(
                "the instance",
                "aws ec2 describe-instances --query "
                "'Reservations[].Instances[].[InstanceId,IamInstanceProfile.Arn]' --output text\n"
                "aws iam list-instance-profiles --query 'InstanceProfiles[].[InstanceProfileName,Roles[].RoleName]'",
            ),
        )


def _contents(profile: InstanceProfile) -> str:
    return ", ".join(profile.roles) if profile.roles else "no role"


def _profiles_alike(name: str, account: Account) -> list[InstanceProfile]:
    """Return the instance profiles with a role whose own or whose role's name begins like the wanted name.

    Only the first words are compared.
    """
    scored = []
    for profile in account.instance_profiles or ():
        if profile.name == name or not profile.roles:
            continue
        score = max(shared_words(name, other) for other in (profile.name, *profile.roles))
        if score:
            scored.append((score, profile))
    return [profile for _, profile in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))]


def _roles_for(name: str, others: list[InstanceProfile], account: Account, hint: str | None) -> list[Role]:
    """Return the roles that may belong in the empty profile.

    These are the role of the same name, the role in a profile with a similar name, and a role with a similar name.
    """
    names = [name, *(role for profile in others for role in profile.roles), hint or ""]
    found = [role for entry in names if (role := account.role(entry)) is not None]
    scored = [
        (shared_words(name, role.name), role)
        for role in account.roles
        if not role.service_owned and _is_for_ec2(role) and shared_words(name, role.name)
    ]
    found += [role for _, role in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))]
    unique = {role.arn: role for role in found if _is_for_ec2(role)}
    return list(unique.values())


def _is_for_ec2(role: Role) -> bool:
    return role.trust is not None and trusts_ec2(role.trust)


def _instance(text: str, instances: tuple[Instance, ...]) -> Instance | None:
    ids = set(_INSTANCE.findall(text))
    return next((instance for instance in instances if instance.id in ids), None)


def _named(text: str) -> str | None:
    match = _PROFILE.search(text)
    return match["name"] if match else None


def _last(arn: str | None) -> str | None:
    return name_of(arn) if arn else None
