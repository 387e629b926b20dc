"""What a text says by itself, no account being read. Nothing is claimed that the words do not carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from diagnostics.access_denied.message import message_step, text_fixes
from diagnostics.diagnosis import Confidence, Status, Step, Verdict
from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.fix import Fix
from diagnostics.messages.context import speaks_of_aws
from diagnostics.messages.stated import stated_in
from diagnostics.words import POLICY_TYPES, is_trust_action, with_article
from iam.words import listing


def explain(failure: Failure, context: Mapping[str, tuple[str, ...]]) -> Iterator[Step | Verdict | Fix]:
    """Steps, verdict and fixes from the text alone. ``context`` is shown, not evaluated: there are no policies."""
    if not isinstance(failure, Conflict) and failure.tokens:
        yield from _token_steps(failure)
    match failure:
        case Denial():
            yield message_step(failure)
            yield _not_read()
            yield denial_verdict(failure)
            yield from text_fixes(failure)
        case Conflict():
            yield Step("message", "What the text says", Status.PASS, _conflict_words(failure))
            yield _not_read()
            yield _conflict_verdict(failure)
        case OtherFailure(trouble=Trouble.UNRECOGNIZED) if any(not token.broken for token in failure.tokens):
            yield _not_read()
            yield _token_verdict(failure)
        case _:
            from diagnostics.offline.other import explain as explain_other

            yield from explain_other(failure)


def _token_steps(failure: Denial | OtherFailure) -> Iterator[Step]:
    """What the tokens carry can be told without an account; which role would take them cannot."""
    from diagnostics.access_denied.token.steps import good_tokens, lifetime_step, token_step

    yield token_step(failure.tokens)
    for token in good_tokens(failure.tokens):
        refused = isinstance(failure, Denial)
        if step := lifetime_step(token, datetime.now(UTC), refused=refused):
            yield step


def _token_verdict(failure: OtherFailure) -> Verdict:
    from diagnostics.access_denied.token.steps import good_tokens, untimely

    token = good_tokens(failure.tokens)[0]
    if late := untimely(token, datetime.now(UTC)):
        return Verdict("credentials.invalid", Confidence.CERTAIN, f"{late}: STS refuses it.")
    return Verdict(
        "unreadable",
        Confidence.UNKNOWN,
        f"This is a {token.kind.value} of {token.issuer or 'an issuer that it does not name'}: which role would take "
        "it, only the account's trust policies tell.",
    )


def _not_read() -> Step:
    return Step("account", "The account", Status.SKIPPED, "not read: this answer rests on the text alone")


def denial_verdict(denial: Denial) -> Verdict:
    """The verdict that the words of a denial carry: certain only where they name a Deny and its kind of policy."""
    what = denial.action or "the request"
    reason, _, layer = (denial.stated_reason or "").partition(":")
    if reason == "s3-block-public-access":
        return Verdict(
            "resource.explicit-deny",
            Confidence.CERTAIN,
            f"S3 Block Public Access refuses {what}: no policy can allow it while the setting is on.",
        )
    if reason == "explicit" and layer in POLICY_TYPES:
        where = f" ({denial.policy_arn})" if denial.policy_arn else ""
        return Verdict(
            f"{layer}.explicit-deny",
            Confidence.CERTAIN,
            f"A Deny statement in {with_article(POLICY_TYPES[layer])}{where} refuses {what}: no Allow can help.",
        )
    if reason == "explicit":
        denying = [each.sid for each in denial.decoded.statements if each.sid] if denial.decoded else []
        named = f" {listing(tuple(denying))}" if denying else ""
        return Verdict(
            "unreadable",
            Confidence.UNKNOWN,
            f"A Deny statement{named} refuses {what}, and the text does not say in which kind of policy.",
        )
    # STS API reference: these two calls are not signed.
    unsigned = (denial.action or "").lower() in ("sts:assumerolewithwebidentity", "sts:assumerolewithsaml")
    if reason == "implicit" and layer in POLICY_TYPES and not (unsigned and layer == "identity"):
        missing = denial.missing_action or what
        return Verdict(
            f"{layer}.no-action",
            Confidence.LIKELY,
            f"The text says that no {POLICY_TYPES[layer]} allows {missing}; whether the action, the resource or a "
            "condition is what lacks, only the policies can tell.",
        )
    if stated := stated_in(denial.text):
        return Verdict(stated.cause, stated.confidence, stated.sentence)
    if denial.claims_trust:
        return Verdict(
            "trust.principal-mismatch",
            Confidence.UNKNOWN,
            f"The service {denial.service or ''} says that it cannot assume the role: most often the trust policy does "
            "not name it; the text does not say more.".replace("  ", " "),
        )
    if unsigned:
        why = "the text names the caller's policies" if reason else "the text states no reason"
        return Verdict(
            "unreadable",
            Confidence.UNKNOWN,
            f"{what} was refused and {why}: no policy of the caller plays a part, only the role's "
            "trust policy, its identity provider and what the token or assertion says.",
        )
    if is_trust_action(denial.action):
        return Verdict(
            "unreadable",
            Confidence.UNKNOWN,
            f"{what} was refused and the text states no reason: the role's trust policy and the caller's policies "
            "have to be read.",
        )
    if denial.decoded:
        return Verdict(
            "unreadable",
            Confidence.UNKNOWN,
            f"{what} was refused because nothing allows it, not because of a Deny; which kind of policy lacks the "
            "Allow, the decoded message does not say.",
        )
    if denial.encoded_message:
        return Verdict(
            "unreadable", Confidence.UNKNOWN, "The reason stands in the encoded message: it has to be decoded first."
        )
    if denial.operation and not _names_action(denial):
        return Verdict(
            "unreadable",
            Confidence.UNKNOWN,
            f"The call {denial.operation} was refused. The text states no reason, and not which of the actions the "
            "call asks for was missing.",
        )
    what = denial.action or "The request"
    return Verdict("unreadable", Confidence.UNKNOWN, f"{what} was refused and the text states no reason.")


def _names_action(denial: Denial) -> bool:
    """Whether the text itself names the action; else it was told from the operation, which can ask for several."""
    return (denial.action or "").lower() in denial.text.lower()


def _conflict_words(conflict: Conflict) -> str:
    kind = (conflict.entity_type or "something").replace("-", " ")
    return f"{kind} {conflict.name or '(no name in the text)'} already exists"


_KEPT_BY_AWS = re.compile(r"AWSServiceRoleFor|AWSReservedSSO_")


def _conflict_verdict(conflict: Conflict) -> Verdict:
    kinds = {"policy": "policy.taken", "oidc-provider": "provider.taken", "saml-provider": "provider.taken"}
    if _KEPT_BY_AWS.match(conflict.name or "") or conflict.entity_type == "service-linked-role":
        return Verdict(
            "role.service-owned",
            Confidence.CERTAIN,
            f"{conflict.name or 'The service-linked role'} is AWS's own: its service makes and keeps it, one an "
            "account, and it is there already. Use it as it is; IAM lets nobody make or change it by hand.",
        )
    if not speaks_of_aws(conflict.text) and conflict.code is None:
        return Verdict(
            "name.taken",
            Confidence.UNKNOWN,
            f"The text says: {_conflict_words(conflict)}, in words that IAM uses; that it was IAM nothing else in the "
            "text tells.",
        )
    owner = f"; it belongs to the stack {conflict.owner_stack}" if conflict.owner_stack else ""
    return Verdict(
        kinds.get(conflict.entity_type or "", "name.taken"),
        Confidence.LIKELY,
        f"The text says: {_conflict_words(conflict)}{owner}. Whose it is and whether it is used, only the account "
        "can tell.",
    )
