"""Notes ready to send: for guardrails, keys, buckets, endpoints and accounts that others keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.edits import as_list, as_written, printed, statement_value, with_changed
from diagnostics.access_denied.fixes.place import place_of, whose
from diagnostics.access_denied.fixes.proof import Proof, evaluated, proof_of, replaced
from diagnostics.access_denied.judge import Finding
from diagnostics.access_denied.near_misses import condition_words
from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.fix import Fix, Note, Who
from diagnostics.tokens.jwt import heard_of
from diagnostics.words import POLICY_TYPES
from iam.arn import Arn, name_of
from iam.policy.decision import ConditionFailure, Reason
from iam.policy.principal import Kind
from iam.policy.statements import ConditionBlock, Statement
from iam.service_reference import spelled
from iam.words import listing

_OWNERS = {"scp": Who.ORG_ADMIN, "rcp": Who.ORG_ADMIN, "resource": Who.RESOURCE_OWNER, "vpce": Who.RESOURCE_OWNER}


def request_words(case: Case) -> str:
    """The request in one line, for a note."""
    who = case.caller.entity_arn or case.caller.arn or "the caller"
    what = spelled(case.request.action)
    return f"{who} asked for {what} on {case.request.resource if case.resource_known else 'an unnamed resource'}"


def deny_fixes(case: Case, finding: Finding) -> Iterator[Fix]:
    """An explicit deny: no Allow helps. What the caller can do, and what to ask of whoever keeps the statement."""
    reason = finding.deny
    owner = _OWNERS.get(finding.word, Who.ACCOUNT_ADMIN)
    if reason is None:
        target = case.denial.policy_arn or f"the {POLICY_TYPES[finding.word]}"
        yield Fix(
            f"Ask whoever keeps {target} about this request: no Allow can help",
            owner,
            Note(
                target,
                f"{request_words(case)}. AWS refuses it by an explicit deny in {target}. Its text cannot be read from "
                "here: please say which condition of it the request meets, or whether an exception is meant.",
            ),
        )
        return
    statement = _statement_of(reason)
    name = reason.policy.name or "the policy"
    target = (
        reason.policy.arn
        or case.denial.policy_arn
        or (f"{name}{whose(reason.policy, case.caller)} ({POLICY_TYPES[finding.word]})")
    )
    text = printed(statement_value(reason.policy.document, reason.statement))
    escape = _way_out(statement) if statement is not None else ""
    note = (
        f"{request_words(case)}. Statement {reason.sid or reason.statement + 1} of {name} refuses it, and no Allow can "
        f"help:\n{text}\n{escape}"
    )
    exception = _exception(case, reason, statement, note) if statement is not None else None
    if exception is not None:
        yield exception
        return
    title = f"{escape} Or ask" if escape else "Ask"
    proof = (_elsewhere(case, statement) if statement is not None else None) or Proof(None)
    yield Fix(
        f"{title} whoever keeps {target}: the Deny is a guardrail, and no Allow can help",
        owner,
        Note(target, note),
        proof.verified,
        hangs_on=proof.hangs_on,
    )


def _statement_of(reason: Reason) -> Statement | None:
    return next((entry for entry in reason.policy.document.statements if entry.index == reason.statement), None)


def _way_out(statement: Statement) -> str:
    """What the caller can do so that the Deny does not match, in one sentence; empty where nothing is known."""
    ways = []
    for block in statement.conditions:
        operator, key = block.operator.lower(), block.key.lower()
        negated = "not" in operator
        if key == "aws:requestedregion" and negated:
            ways.append(f"Call in an allowed region ({listing(block.values)}).")
        elif key == "aws:requestedregion":
            ways.append(f"Call in another region than {listing(block.values)}.")
        elif key == "aws:securetransport":
            ways.append("Call over TLS (https).")
        elif key in ("aws:multifactorauthpresent", "aws:multifactorauthage"):
            ways.append("Call with credentials that were made with an MFA code.")
        elif key == "aws:tokenissuetime" and "lessthan" in operator:
            ways.append(f"Make new credentials: those from before {listing(block.values)} were revoked.")
        elif key in ("aws:sourceip", "aws:sourcevpce", "aws:sourcevpc") and negated:
            ways.append(f"Call from where the policy wants it ({block.key}: {listing(block.values)}).")
        elif key.startswith("aws:requesttag/"):
            ways.append(f"Send the tag {block.key.partition('/')[2]} that the policy wants.")
        elif key.startswith("s3:x-amz-"):
            ways.append(_header_words(block))
    return " ".join(ways)


def _header_words(block: ConditionBlock) -> str:
    """What to do with a header that a Deny tests: send it, leave it out, or send another value."""
    operator, header = block.operator.lower(), block.key.partition(":")[2]
    if operator == "null":
        absent = "true" in (value.lower() for value in block.values)
        return f"Send the header {header}." if absent else f"Leave the header {header} out."
    if "not" in operator:
        return f"Send the header {header} ({listing(block.values)})."
    return f"Send the header {header} with another value than {listing(block.values)}, or leave it out."


def _elsewhere(case: Case, statement: Statement) -> Proof | None:
    """Whether the request would be allowed in a region that the Deny spares; None where it does not test the region."""
    for block in statement.conditions:
        if block.key.lower() == "aws:requestedregion" and "not" in block.operator.lower() and block.values:
            region = block.values[0]
            context = {key: had for key, had in case.request.context.items() if key.lower() != "aws:requestedregion"}
            arn = Arn.parse(case.request.resource)
            resource = str(replace(arn, region=region)) if arn is not None and arn.region else case.request.resource
            request = replace(case.request, resource=resource, context={**context, "aws:RequestedRegion": (region,)})
            return proof_of(case, case.effective_policies, request)
    return None


def _exception(case: Case, reason: Reason, statement: Statement, note: str) -> Fix | None:
    """For a Deny that lists what it spares (NotResource): the same list with this resource, for its owner to decide."""
    if statement.not_resource is None or not case.resource_known:
        return None

    def spare(value: dict[str, object]) -> None:
        value["NotResource"] = as_written([*as_list(value.get("NotResource")), case.request.resource])

    after = with_changed(reason.policy.document, reason.statement, spare)
    changed = replaced(case.effective_policies, reason.policy, after)
    return evaluated(
        case,
        f"Ask whoever keeps {reason.policy.name} to spare {case.request.resource} in NotResource of "
        f"{reason.sid or reason.statement + 1}: the Deny is a guardrail",
        _OWNERS.get(case.word(reason.layer), Who.ACCOUNT_ADMIN),
        Note(
            place_of(reason.policy).words,
            f"{note}\nThe statement with the exception:\n{printed(statement_value(after, reason.statement))}",
            before=reason.policy.document,
            after=after,
        ),
        changed,
    )


def condition_note(case: Case, finding: Finding, failure: ConditionFailure) -> Fix:
    """A condition that the caller has to meet, since it is there on purpose."""
    where = POLICY_TYPES[finding.word]
    return Fix(
        f"Meet the condition on {failure.key} of the {where}: it is there on purpose",
        Who.CALLER,
        Note(
            place_of(finding.near.policy, where).words if finding.near else where,
            f"{request_words(case)}. {condition_words(failure)}. {failure.key} is {source_of(failure.key)}.",
        ),
    )


def unheard_note(case: Case, failure: ConditionFailure, claim: str) -> Fix:
    """A trust policy that asks for a claim which no request ever carries."""
    heard = sorted(heard_of((case.caller.arn or "").partition(":oidc-provider/")[2]))
    return Fix(
        f"Let the trust policy of {name_of(case.request.resource)} ask for a claim that IAM offers: {claim} is none",
        Who.ACCOUNT_ADMIN,
        Note(
            case.request.resource,
            f"{condition_words(failure)}. Of this issuer's tokens policies can ask for {listing(heard, limit=20)} "
            "only, so "
            f"the condition on {failure.key} is never met. What {claim} was to keep out has to be told by one of "
            "those: many issuers can put a group or a team into sub or aud, or into session tags.",
        ),
    )


def guardrail_note(case: Case, finding: Finding) -> Fix:
    """An organization's policy that lacks an Allow."""
    kind = POLICY_TYPES[finding.word]
    return Fix(
        f"Ask the organization's administrators to allow {spelled(case.request.action)} in the {kind}",
        Who.ORG_ADMIN,
        Note(
            place_of(finding.near.policy, kind).words if finding.near else kind,
            f"{request_words(case)}. No {kind} allows it at every level of the organization, so nothing in account "
            f"{case.account.id} can.",
        ),
    )


def no_change_note(case: Case, finding: Finding) -> Fix:
    """Where no change can be written: what is known, for whoever keeps the policy that decides."""
    where = POLICY_TYPES[finding.word]
    target = place_of(finding.near.policy, where).words if finding.near else where
    if case.caller.kind is Kind.ANONYMOUS:
        title = "Sign the request: a named principal can be allowed, and letting everybody in is no way to allow one"
    else:
        title = f"Ask whoever keeps the {where} about this request"
    who = Who.CALLER if case.caller.kind is Kind.ANONYMOUS else _OWNERS.get(finding.word, Who.ACCOUNT_ADMIN)
    return Fix(title, who, Note(target, f"{request_words(case)}. The {where} does not allow it."))


def public_access_note(case: Case) -> Fix:
    """S3 Block Public Access is a setting, not a policy: whoever keeps the bucket or the account decides about it."""
    return Fix(
        "Leave the bucket closed, or ask its owner about Block Public Access: no policy can allow it meanwhile",
        Who.RESOURCE_OWNER,
        Note(
            case.request.resource,
            f"{request_words(case)}. S3 Block Public Access prevents what would make the bucket public. Write the "
            "policy or "
            "the ACL for named principals instead; only a bucket that is meant for everybody needs the setting off.",
        ),
    )


def session_note(case: Case, finding: Finding, issuer: str) -> Fix:
    """The session was made with a policy that limits it: only who makes it can widen it."""
    return Fix(
        f"Ask whoever makes the session ({issuer}) for a wider session policy, or to make it without one",
        Who.CALLER,
        Note(
            case.caller.entity_arn or "the session",
            f"{request_words(case)}. The role itself may do it, as far as can be read; the session policy that "
            f"{issuer} passes with AssumeRole does not allow it. The smallest addition is Allow "
            f"{spelled(case.request.action)} on "
            f"{case.request.resource}. Nothing in the role's own policies can change this.",
        ),
    )
