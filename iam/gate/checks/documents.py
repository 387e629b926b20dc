"""Check whether the principals, providers and policies that a role uses exist, and whether its documents are valid."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from iam.account import Account, ManagedPolicy
from iam.arn import PARTITIONS, Arn, is_aws_managed, name_of
from iam.aws_managed_policies import find
from iam.creation.spec import NewPolicy
from iam.foreign_text import shortened
from iam.gate.finding import TRY_IT, GateFinding, unreadable
from iam.gate.planned_change import SavedDocument
from iam.known_principals import is_known_principal, nearest_principal
from iam.policy.document import Document
from iam.policy.lint import LintFinding, LintSeverity, PolicyKind, lint
from iam.policy.lint.saved import Refusal, refusal_of
from iam.policy.statements import Statement
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading

_UNSEEN_PROVIDER = "IAM still accepts the policy. Before you rely on the policy, check IAM's identity providers."
_UNIQUE = re.compile(r"A(RO|ID|GP)A[A-Z0-9]{8,}")


def principal_findings(trust: Document, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """Check whether the providers and principals in the trust policy exist.

    IAM rejects a policy with a principal of this account that does not exist. It accepts a provider that does not
    exist, but nobody could then assume the role through that provider.
    """
    seen: set[str] = set()
    for statement in trust.readable_statements:
        for kind, value in (*(statement.principal or ()), *(statement.not_principal or ())):
            if value in seen:
                continue
            seen.add(value)
            if kind == "Federated":
                yield from _provider(value, statement, account, reader)
            elif kind == "Service":
                yield from _service(value, account)
            elif kind == "AWS":
                yield from _principal(value, account, reader)


def _service(value: str, account: Account) -> Iterator[GateFinding]:
    """Yield a finding for a service that is not known to assume roles. IAM rejects principals of unknown services."""
    if value.endswith(".cn") and account.partition != "aws-cn":
        text = f"{value} is the name of a service in China."
        yield GateFinding("service", text, f"Write {value.removesuffix('.cn')}.", "trust", value)
    elif not is_known_principal(value):
        near = nearest_principal(value)
        text = f"{shortened(value)} is not a known service principal; IAM rejects unknown ones."
        way = f"Did you mean {near}?" if near else "Look the name up in the service's own guide."
        yield GateFinding("service" if near else "service.unknown", text, way, "trust", near or value)


def _principal(value: str, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    if _UNIQUE.fullmatch(value):
        text = f"The trust policy names {value}, the ID of a deleted principal: IAM rejects the policy."
        yield GateFinding("principal.orphan", text, "Name the principal you want by its ARN.", "trust", value)
        return
    arn = Arn.parse_principal(value)
    if arn is None or arn.account != account.id or arn.type not in ("user", "role", "assumed-role"):
        return
    kind = "user" if arn.type == "user" else "role"
    name = arn.session_role if arn.type == "assumed-role" else arn.name
    reading = reader.user(name) if kind == "user" else reader.role(name)
    if reading.unreadable:
        text = f"It is unknown whether the {kind} {name} exists: {unreadable(reading)}"
        yield GateFinding.unseen("principal", text, TRY_IT, "trust")
        return
    found = reading.value
    if found is not None and (arn.type == "assumed-role" or found.arn == value):
        yield GateFinding.fine("principal", f"The {kind} {found.name} exists.")
        return
    if found is not None:
        text = f"The trust policy names {value}, but the {kind} {found.name} has the ARN {found.arn}."
        yield GateFinding("principal.missing", text, f"Write {found.arn}.", "trust", found.arn)
        return
    names = [each.name for each in (account.users or () if kind == "user" else account.roles)]
    near = difflib.get_close_matches(name, names, 1)
    way = f"Did you mean {near[0]}? " if near else ""
    text = f"The trust policy names the {kind} {name}, which does not exist: IAM rejects the policy."
    yield GateFinding(
        "principal.missing", text, f"{way}Create the {kind} first, or name the account instead.", "trust", value
    )


def _provider(value: str, statement: Statement, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    if f":{account.id}:" not in value:
        return  # a provider of AWS itself, such as Cognito, or of another account
    if ":saml-provider/" in value:
        yield from _saml(value, account, reader)
        return
    if ":oidc-provider/" not in value:
        return
    issuer = value.partition(":oidc-provider/")[2]
    reading = reader.oidc_provider(value)
    if reading.unreadable:
        text = f"It is unknown whether the provider {issuer} exists: {unreadable(reading)}"
        yield GateFinding.unseen("provider", text, _UNSEEN_PROVIDER, "trust")
        return
    if reading.value is None:
        text = f"The account has no identity provider {issuer}: nobody could assume the role."
        way = f"Create the provider first: aws iam create-open-id-connect-provider --url https://{issuer}"
        if any(not (char.isalnum() or char in "./:_-") for char in issuer):
            way = "Create the provider first, in IAM's identity providers."
        yield GateFinding("provider.missing", text, way, "trust", issuer)
        return
    audiences = {
        each
        for block in statement.conditions
        if block.key.lower() == f"{issuer}:aud".lower() and block.operator.lower().startswith("stringequals")
        for each in block.values
    }
    held = reading.value.client_ids
    missing = sorted(audiences - set(held)) if held is not None else []
    if missing and not audiences & set(held or ()):
        text = f"The provider {issuer} does not accept tokens for the audience {missing[0]}."
        way = f"Add this audience to the provider's list ({', '.join(held or ()) or 'none now'})."
        yield GateFinding("provider.audience", text, way, "trust", missing[0])
        return
    yield GateFinding.fine("provider", f"The provider {issuer} exists.")


def _saml(value: str, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    name = value.partition(":saml-provider/")[2]
    reading = reader.saml_provider(value)
    if reading.unreadable:
        text = f"It is unknown whether the SAML provider {name} exists: {unreadable(reading)}"
        yield GateFinding.unseen("provider", text, _UNSEEN_PROVIDER, "trust")
        return
    if reading.value is None:
        text = f"The account has no SAML provider {name}: nobody could assume the role."
        yield GateFinding("provider.missing", text, "Create the provider first, with its metadata.", "trust", name)
        return
    until = reading.value.valid_until
    if until is not None and until <= account.now:
        text = f"The metadata of the SAML provider {name} expired on {until:%Y-%m-%d}."
        yield GateFinding("provider.expired", text, "Load new metadata from the identity provider.", "trust", name)
    elif until is not None and (until - account.now).days < 60:
        text = f"The SAML provider {name} exists; its metadata expires on {until:%Y-%m-%d}."
        yield GateFinding("provider.expires", text, "Load new metadata before then.", "trust", name)
    else:
        yield GateFinding.fine("provider", f"The SAML provider {name} exists.")


# Policies.

_PATHS = ("", "service-role/", "job-function/")


def new_policy_findings(
    policy: NewPolicy, account: Account, reader: AccountReader, *, there: bool = False
) -> Iterator[GateFinding]:
    """Check whether the name of a new customer policy is free.

    With ``there``, the role already exists, so the policy may exist too.
    """
    reading = reader.customer_policy(policy.name)
    held = account.policy_ignoring_case(policy.name) if reading.unreadable else reading.value
    arn = f"arn:{account.partition}:iam::{account.id}:policy{policy.path}{policy.name}"
    if held is not None and not (there and held.arn == arn):
        text = f"A customer policy {held.name} exists at path {held.path}: IAM ignores path and case in names."
        way = "Attach that policy, give it a new version, or choose another name."
        yield GateFinding("policy.taken", text, way, "policies", held.name)


def managed_findings(arn: str, field: str, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    name = name_of(arn)
    partition = arn.split(":")[1] if arn.count(":") >= 5 else ""
    if partition != account.partition:
        text = f"{shortened(arn)} is in the partition {partition}, but the role is in {account.partition}."
        way = f"Write arn:{account.partition}: …"
        yield GateFinding("policy.missing", text, way, field, arn)
        return
    if ":policy/aws-service-role/" in arn:
        text = f"The policy {name} is only for service-linked roles."
        yield GateFinding("policy.not-attachable", text, "Choose another policy.", field, arn)
        return
    reading: Reading[ManagedPolicy] = reader.managed_policy(arn)
    known = reading.value or account.policy(arn) or (find(arn) if reading.unreadable else None)
    near = _elsewhere(arn, account, reader) if known is None else None
    if known is None and reading.unreadable and near is None:
        text = f"It is unknown whether the policy {name} exists: {unreadable(reading)}"
        yield GateFinding.unseen("policy", text, TRY_IT, field)
        return
    if known is None:
        way = (
            f"Did you mean {near}?"
            if near
            else "Check the policy's path (service-role/, job-function/), spelling and partition."
        )
        yield GateFinding("policy.missing", f"There is no policy {arn}.", way, field, near or "")
        return
    if not known.attachable:
        text = f"The policy {name} is only for service-linked roles."
        yield GateFinding("policy.not-attachable", text, "Choose another policy.", field, arn)
        return
    yield GateFinding.fine("policy", f"The {'boundary' if field == 'boundary' else 'policy'} {known.name} exists.")


def _elsewhere(arn: str, account: Account, reader: AccountReader) -> str | None:
    """Return the ARN of a policy with the same name at another path, or with a similar name; None if unknown."""
    name = name_of(arn)
    if is_aws_managed(arn):
        head = arn.partition(":policy/")[0]
        for path in _PATHS:
            other = f"{head}:policy/{path}{name}"
            if other != arn and (reader.managed_policy(other).found or find(other) is not None):
                return other
    own = account.policy_ignoring_case(name)
    if own is not None and own.arn != arn:
        return own.arn
    names = {policy.name: policy.arn for policy in account.policies or ()}
    near = difflib.get_close_matches(name, names, 1, 0.8)
    return names[near[0]] if near and names[near[0]] != arn else None


# Documents.


def lint_findings(documents: Iterable[SavedDocument], reader: AccountReader) -> Iterator[GateFinding]:
    """Yield the findings of the local linter, and those that AWS's ValidatePolicy adds if the caller may use it.

    Findings that the replaced document had too are left out, unless IAM rejects the document because of them.
    """
    asked = True
    for each in documents:
        if each.document.problems:
            continue
        known = _codes(each.replaced, each.kind)
        found = [one for one in lint(each.document, each.kind) if _counts(one, each)]
        if asked:
            answer = reader.validate_policy(each.document, each.kind)
            asked = answer.value is not None
            if answer.value is None and reader.kind != "snapshot":
                text = f"AWS's ValidatePolicy gave no result: {unreadable(answer)}"
                yield GateFinding.unseen("validate", text, "The documents were still checked locally.")
            said = {one.code for one in found}
            found += [one for one in answer.value or () if _counts(one, each) and one.code not in said]
        for one in found:
            refusal = refusal_of(one, each.document, each.kind)
            if refusal is None and (one.code, one.message) in known:
                continue
            text = f"The {each.words}, line {one.line}: {one.message}"
            yield GateFinding(
                _code(one, refusal),
                text,
                _saved(refusal),
                each.field,
                each.name,
                one.line,
                call=each.call,
                role=each.role,
            )


def _counts(finding: LintFinding, saved: SavedDocument) -> bool:
    """Whether the finding is more than a suggestion.

    Access Analyzer only suggests filling an empty list of actions, but IAM does not save such a policy.
    """
    refused = refusal_of(finding, saved.document, saved.kind) is not None
    return refused or finding.severity is not LintSeverity.SUGGESTION


def partition_findings(documents: Iterable[SavedDocument], account: Account) -> Iterator[GateFinding]:
    """Yield a finding for each ARN in a partition other than the account's; IAM rejects it in an identity policy."""
    here = account.partition
    for each in documents:
        if each.kind is PolicyKind.TRUST:
            continue
        for statement in each.document.readable_statements:
            for written in (*(statement.resource or ()), *(statement.not_resource or ())):
                arn = Arn.parse(written)
                if arn is None or arn.partition == here or arn.partition not in PARTITIONS:
                    continue
                text = f"{shortened(written)} is in the partition {arn.partition}, and nothing in {here} can use it."
                way = f"Write arn:{here}: …"
                place = (each.field, each.name, statement.first_line)
                yield GateFinding("statement.partition", text, way, *place, call=each.call, role=each.role)


def _codes(document: Document | None, kind: PolicyKind) -> set[tuple[str, str]]:
    return set() if document is None else {(one.code, one.message) for one in lint(document, kind)}


def _code(finding: LintFinding, refusal: Refusal | None) -> str:
    if refusal is not None:
        return f"refused.{finding.code}"
    return f"{'validate' if finding.source == 'aws' else 'lint'}.{finding.code}"


def _saved(refusal: Refusal | None) -> str:
    if refusal is None:
        return "IAM saves it unchanged."
    return f"IAM rejects this policy: {refusal.message}" if refusal.message else "IAM refuses to save it."
