"""Read a trust policy of which the text shows only the principals: a query of get-role, or a role in the AWS CDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.text.templates.policies import WrittenPolicy
from iam.lazy_pattern import regex

# AWS CLI Command Reference, "get-role" and the global option --query
# (https://docs.aws.amazon.com/cli/latest/reference/iam/get-role.html).
_QUERY = regex(
    r"\baws[ \t][^\n]*\bget-role\b[^\n]*\bAssumeRolePolicyDocument\b[^\n]*\bPrincipal\b[^\n]*\n"
    r"(?P<answer>(?:(?![ \t]*(?:\$|#|PS )[ \t])[^\n]*\S[^\n]*(?:\n|\Z)){1,12})"
)
_STATEMENT = regex(r"\"?Effect\"?\s*[:=]")
_PRINCIPAL = regex(
    r"arn:[\w-]+:(?:iam|sts)::\d{12}:(?:root|(?:role|user|assumed-role)/[\w+=,.@/-]*[\w+=@])"
    r"|(?<![\w.-])[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?(?![\w-])|(?<=[\"'\s])\d{12}(?=[\"'\s,\]]|\Z)"
)
# AWS CDK API Reference, "Role", assumedBy (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.Role.html).
_ASSUMED_BY = regex(
    r"\bassumed_?[bB]y[\"']?\s*[:=]\s*(?:new\s+)?(?:\w+\.)?(?P<kind>Arn|Account|Service)Principal\(\s*"
    r"[\"'`](?P<name>[^\"'`\n${}]+)[\"'`]"
)


def shown_principals(text: str, read: Sequence[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield a trust policy for the principals that a query prints, and for those that the CDK gives a role."""
    for each in _QUERY.finditer(text):
        named = list(dict.fromkeys(_PRINCIPAL.findall(each["answer"])))
        if named and not _STATEMENT.search(each["answer"]):
            yield _trust(*each.span("answer"), named)
    for each in _ASSUMED_BY.finditer(text):
        if not any(start <= each.start() < end for start, end in read):
            yield _trust(*each.span(), [each["name"]])


def _trust(start: int, end: int, named: Sequence[str]) -> WrittenPolicy:
    services = [name for name in named if ".amazonaws.com" in name]
    people = [name for name in named if name not in services]
    principal = {**({"AWS": people} if people else {}), **({"Service": services} if services else {})}
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole"]}
    return WrittenPolicy(start, end, (statement,), whole=True, listed=True)
