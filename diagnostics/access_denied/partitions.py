"""Explain requests in a different partition from the account's, and requests across partitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.denial.verdict_rules import denial_verdict
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.account import Account
from iam.arn import Arn, name_of
from iam.claims import Ground, at_most_likely, confidence

PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html"
"""The page that says: 'You can delegate access only within the same partition.'"""

PARTITIONS = {
    "aws": "AWS Regions",
    "aws-cn": "China Regions",
    "aws-us-gov": "AWS GovCloud (US)",
    "aws-eusc": "the AWS European Sovereign Cloud",
    "aws-iso": "AWS Secret",
    "aws-iso-b": "AWS Secret-B",
}


def across_partitions(subject: Subject) -> Iterator[Step | Verdict | Fix]:
    """Yield the step, verdict and fixes for a request across partitions.

    Yield nothing if the caller and the resource are in the same partition.
    """
    caller, resource = Arn.parse(subject.principal or ""), Arn.parse(subject.resource or "")
    if caller is None or resource is None or not caller.partition or not resource.partition:
        return
    if caller.partition == resource.partition or "*" in resource.partition:
        return
    if resource.account == caller.account:
        return  # an account is in one partition only: the ARN is wrong, and the policies are compared with it unchanged
    said = (
        f"{_name(caller)} is in the partition {caller.partition} and {resource} in {resource.partition}: "
        "nothing delegates access between partitions"
    )
    evidence = Evidence(text=f"{said} ({PAGE})", arn=str(resource))
    yield Step("partitions", "Partitions of caller and resource", Status.FAIL, said, (evidence,))
    cause = "trust.principal-mismatch" if is_trust_action(subject.action) else "resource.principal-mismatch"
    yield Verdict(
        cause,
        confidence(Ground.RULE, rests_on=filter(None, (subject.who, subject.on))),
        f"{said}. No policy can change that.",
    )
    written = str(replace(resource, partition=caller.partition))
    if not resource.account:
        yield Fix(
            f"Write {written}, if the resource is in the caller's own partition",
            Who.CALLER,
            Note(
                str(resource), f"The ARN names the partition {resource.partition}; the caller is in {_words(caller)}."
            ),
        )
    yield Fix(
        f"Use credentials of the partition {resource.partition}: no role or policy there can allow a caller "
        f"from {caller.partition}",
        Who.CALLER,
        Note(
            str(resource),
            f"{PAGE}: access can be delegated only within one partition. In {resource.partition}, use one of "
            "three: a role for an OIDC or SAML provider that signs in people or workloads of both partitions; IAM "
            "Roles Anywhere with a certificate; or an identity of an account there, stored as a secret. A program "
            "that has credentials of both partitions can copy data between them.",
        ),
    )


def of_another_partition(subject: Subject, account: Account) -> Iterator[Step | Verdict | Fix]:
    """Yield the step, verdict and fix for a request that was made in a different partition from the account's.

    Yield nothing if the caller (or the resource, if the caller is unknown) may be in the account's own partition.
    """
    own = account.partition
    arns = [Arn.parse(each or "") for each in (subject.principal, subject.resource)]
    stated = [each for each in arns if each is not None and each.partition in PARTITIONS]
    if not stated or any(each.partition == own for each in stated):
        return
    there = stated[0]
    said = (
        f"The request was made in the partition {_words(there)}, but account {account.id} is in {own}: no policy "
        "that can be read here applies to the request"
    )
    yield Step("partitions", "Partition of the request", Status.FAIL, said, (Evidence(text=said, arn=str(there)),))
    verdict = denial_verdict(subject.denial)
    summary = f"{said}. {verdict.summary}"
    yield Verdict(verdict.cause, at_most_likely(verdict.confidence), summary, verdict.questions)
    number = f"account {there.account}" if there.account_id else "the account"
    yield Fix(
        f"Open {number} of the partition {there.partition}, and ask again there",
        Who.YOU,
        Note(
            str(there),
            f"Choose a profile with credentials of {there.partition}. If you meant the partition {own}, the ARN is "
            f"wrong: an ARN of that partition begins with arn:{own}:.",
        ),
    )


def _name(caller: Arn) -> str:
    """Return the caller's name; for a session, the name of its role."""
    return caller.resource.split("/")[1] if caller.type == "assumed-role" else name_of(str(caller))


def _words(arn: Arn) -> str:
    return f"{arn.partition} ({PARTITIONS[arn.partition]})" if arn.partition in PARTITIONS else arn.partition
