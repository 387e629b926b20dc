"""The risks that are also checked before a plan is carried out (`iam.risks`), as findings with evidence and fix."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Change, Fix, Note, TrustChange
from diagnostics.review.finding import Finding
from diagnostics.who import Who
from diagnostics.words import word_of
from iam.account import Role
from iam.risks.exposure import reach_of, severity_of
from iam.risks.judged_account import JudgedAccount
from iam.risks.risk import Proof, Risk


def finding_of(risk: Risk) -> Finding:
    """Return the risk as a finding."""
    return Finding(
        risk.rule.id,
        risk.severity,
        risk.subject,
        risk.rule.title,
        risk.summary,
        risk.hangs_on,
        tuple(map(_evidence, risk.proofs)),
        references=(risk.rule.page,),
        fixes=(Fix(risk.advice.title, Who.YOU, _change(risk), cautions=tuple(filter(None, (risk.advice.caution,)))),),
        cause=risk.cause,
    )


def entry_of(judged: JudgedAccount, role: Role, risk: Risk) -> Finding:
    """Return a risk of a role's trust policy as a finding. The role's permissions also affect its severity."""
    found = finding_of(risk)
    if risk.exposure is None:
        return found
    reach = reach_of(judged, role)
    shown = Evidence(f"{risk.exposure}; the role {reach}", arn=role.arn)
    return replace(found, severity=severity_of(risk.exposure, reach), evidence=(*found.evidence, shown))


def _evidence(proof: Proof) -> Evidence:
    policy, layer = proof.policy, word_of(proof.layer, trust=True)
    return Evidence(
        proof.text,
        layer,
        policy.name,
        policy.arn,
        proof.statement,
        proof.sid,
        proof.element,
        document=policy.document,
    )


def _change(risk: Risk) -> Change:
    if risk.advice.trust_after is not None:
        trust = risk.proofs[0].policy.document
        return TrustChange(risk.subject, trust, risk.advice.trust_after)
    why = next((why for rule, why in _WHY_NOTE.items() if risk.rule.id.startswith(rule)), "")
    return Note(risk.subject, risk.advice.note, why)


_WHY_NOTE = {
    "permissions.": "You have to say what a user needs, because drafts from usage exist only for roles.",
    "trust.wide-subject": "No token for this role was recorded, so you have to say which subjects need the role.",
    "trust.external-without-id": (
        "The statement also names other principals: split the statement, then require an external ID here."
    ),
    "trust.missing-audience": "The provider lists no audience, so you have to say which audience your tokens have.",
    "forecast.github-subject": "Only GitHub knows the IDs: y copies the command that reads them.",
}
"""A sentence that says why the fix of a rule is only a note and not a change, by rule."""
