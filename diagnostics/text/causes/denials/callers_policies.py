"""The first cause of a plain denial: which of the caller's own policies lacks the action, or denies it."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import DenyDecides, Sentence, TextDenies, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, blames, contains, lacks, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.messages.additions_to_message import stated_in
from diagnostics.who import Who
from iam.arn import names_a_service
from iam.lazy_pattern import regex

_DENIES_ALL = r"\bDeny \*(?: on \*)?|\"Effect\"\s*:\s*\"Deny\"\s*,\s*\"Action\"\s*:\s*\"\*\""
"""A pattern of a Deny of every action: the cause for such a Deny names no MFA, network, Region or tag."""


_DENYING_POLICY = regex(
    r"explicit deny in an identity-based policy:\s+(?:[\w./…:<>*-]*/)(?P<name>[\w+=,.@-]{2,127}[\w+=@-])(?![\w/])"
)
"""The name of the policy that denies, in a message that shortens the policy's ARN."""


def policies(signs: Signs) -> Iterator[FirstLook]:
    """Yield the caller's own policies as the cause if the text indicates nothing else."""
    named = signs.denial.action or (signs.denied_explicitly and signs.layer)
    if signs.layer not in ("", "identity") or signs.denial.claims_trust or not named:
        return
    if "anonymous" in (signs.denial.principal or "").lower() or names_a_service(signs.denial.principal or ""):
        return
    if signs.denied_explicitly:
        groups = "" if signs.role else " or its group's"
        arn, name = signs.denial.policy_arn, _DENYING_POLICY.search(signs.denial.text)
        policy = arn or (f"the policy {name['name']}" if name else "")
        narrow = f" Read {policy}, and narrow that statement, or make the call with another identity." if policy else ""
        requires = "" if signs.says(_DENIES_ALL) else ": read its conditions (MFA, a network, a Region, a tag)"
        yield FirstLook(
            f"A Deny in the caller's own policies{groups} applies to this request{requires}.{narrow}",
            Sentence(
                "the text says explicit deny" + ("" if signs.layer else ", but not in which policy"), (TextDenies(),)
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
            asserts=(DenyDecides(),),
        )
        if not signs.layer:
            yield FirstLook(
                "The organization denies the call (SCP): it blocks the Region or the service, or this is an account "
                "for courses, labs or trials, in which most services are blocked on purpose.",
                Sentence("the text says explicit deny, but not in which policy", (TextDenies(),)),
                reading("organizations", "describe-organization"),
                Who.ORG_ADMIN,
                shown_by=("scp",),
            )
            yield FirstLook(
                "The Deny is in another policy that applies: the caller's permissions boundary or session policy, "
                "the resource's own policy, a resource control policy or a VPC endpoint's policy.",
                Sentence("the text says explicit deny, but not in which policy", (TextDenies(),)),
                reading("iam", "get-role", ("role-name", signs.role), query="Role.PermissionsBoundary")
                or reading("iam", "get-user", ("user-name", signs.user), query="User.PermissionsBoundary"),
                Who.ACCOUNT_ADMIN,
            )
        return
    # An action that the text itself names is more likely missing than allowed to somebody else.
    stated = signs.quote(
        rf"\b(?:role|user|policy|identity)\b[^.\n]{{0,30}}\b(?:has|have|contains?|lists?) no {signs.service} "
    )
    action = signs.denial.missing_action or signs.denial.action
    if stated and not signs.layer:
        yield FirstLook(
            f"Allow {action} in a policy of the caller: according to the text, the caller's policies have no statement "
            f"for {signs.service}.",
            contains(stated),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
            asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        )
        return
    if not signs.layer and stated_in(signs.denial.text):
        return  # `operations.in_prose` says so
    if signs.layer and signs.role.startswith("AWSServiceRoleFor"):
        return  # the verdict says which other policy must allow it
    on_one_resource = bool(signs.denial.resource) and signs.denial.resource != "*"
    rest = _on_this_resource(signs) if on_one_resource else ""
    yield FirstLook(
        f"None of the caller's identity-based policies allows {action}{rest}.",
        blames("the text names the caller's own policies", "identity")
        if signs.layer
        else lacks("no kind of policy was recognized in the text", TextPart.REASON),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        shown_by=("identity",),
        asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        guess=not signs.layer,  # only the policies show it, if they were read
        only_missing=not on_one_resource,
    )


def _on_this_resource(signs: Signs) -> str:
    """Return the end of the sentence "no policy of the caller allows the action": on which resource, and why."""
    fails = (
        "another resource (ARNs are case-sensitive), or has a condition that is not met (a tag, a Region, a network)"
    )
    if signs.granted:  # the text says that a statement has the action
        return f" on this resource: the statement with the action names {fails}"
    return (
        " on this resource. Most often no statement has the action: then add the action. Otherwise the statement names "
        f"{fails}"
    )
