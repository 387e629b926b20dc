"""The risks that the gate shares (`iam.risks`) as findings of the review, with evidence and fix."""

from __future__ import annotations

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Change, Fix, Note, TrustChange, Who
from diagnostics.review.finding import Finding
from diagnostics.words import word_of
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
    return Note(risk.subject, risk.advice.note)
