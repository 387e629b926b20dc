"""Check a finished diagnosis: compare the claims that its sentences make with the steps, the evaluation and the text.

`consistent` drops each sentence that contradicts these, and logs it; the tests fail if anything is logged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import replace as replaced
from functools import cached_property
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import (
    AllowsMore,
    Claim,
    ConditionFails,
    DenyDecides,
    EnoughAlone,
    Exists,
    Found,
    KeyKnown,
    LayerPresent,
    LayerRead,
    LayerRefuses,
    Mentions,
    NamesCaller,
    OneRefuses,
    Quotes,
    Says,
    Sentence,
    Shown,
    Tells,
    TextBlames,
    TextDenies,
    TextPart,
    TextStates,
    WitnessesAgree,
    joined,
)
from diagnostics.diagnosis import CaseFile, FirstLook, Part, RequestFacts, Status, Step, Verdict
from diagnostics.failure import Conflict, Denial, Failure
from diagnostics.text.read.messages.additions_to_message import facts_of, stated_in
from diagnostics.words import ACTION_NAME, POLICY_TYPES, layer_of
from iam.claims import Ground, at_most_likely, confidence
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.fix import Fix
    from iam.policy.decision import Decision

LOG = logging.getLogger(__name__)
LOG.addHandler(logging.NullHandler())  # without a handler Python would print to standard error

_CALLER = regex(r"arn:[\w-]+:(?:iam::\d{12}:user/|sts::\d{12}:(?:assumed-role|federated-user)/)[\w+=,.@/-]+")
_LOOKS_UP = ("caller", "profile")
"""Steps that fail if the entity does not exist. The step about a trust policy is not included, because the role of that
policy exists."""
_CUT = regex(r"(?:…|\.{2,})$")
_NAMED = regex(r"[^\W_xX]{2}")
_UNREADABLE = "unreadable"
_UNSETTLED = "The data that was read contradicts the expected result: the steps show both."


@dataclass(frozen=True)
class Facts:
    """The facts that claims are compared with.

    ``steps`` are the steps so far, ``case_file`` contains the evaluated policies; ``failure`` is None if the claims are
    only compared with the steps.
    """

    failure: Failure | None
    steps: tuple[Step, ...]
    verdict: Verdict | None = None
    case_file: CaseFile | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def stated_layer(self) -> str:
        """The layer that the text names as the one that denied the request, or ""."""
        blamed = (claim.layer for step in self.steps for claim in step.asserts if isinstance(claim, TextBlames))
        if self.failure is None:
            return next(blamed, "")
        reason = (self.failure.stated_reason or "") if isinstance(self.failure, Denial) else ""
        word = "resource" if reason == "s3-block-public-access" else reason.partition(":")[2]
        return "trust" if word == "resource" and "trust" in self.by_id else word

    @property
    def blames_what_the_text_does(self) -> bool:
        """Whether the verdict's cause is in the layer that the text names."""
        return self.verdict is not None and self.verdict.cause.partition(".")[0] == self.stated_layer != ""

    @cached_property
    def words(self) -> str:
        """The text in lower case, without quotes and line breaks. For a denial, it is everything that was pasted."""
        whole = self.failure.pasted if isinstance(self.failure, Denial | Conflict) else ""
        return _letters(whole or self.failure.text) if self.failure is not None else ""

    @cached_property
    def existing(self) -> Mapping[tuple[str, str], bool]:
        """Whether each entity exists, according to the steps.

        An entity does not exist if the step that looks up its name fails.
        """
        return {
            (claim.kind, claim.name): step.id not in _LOOKS_UP or step.status is not Status.FAIL
            for step in self.steps
            for claim in step.asserts
            if isinstance(claim, Exists) and (step.status is not Status.UNKNOWN or step.id == "trust")
        }

    @cached_property
    def decision(self) -> Decision | None:
        """The decision on the case file's request, evaluated again, or None if nothing was evaluated."""
        if self.case_file is None or not self.case_file.evaluations:
            return None
        from iam.policy.evaluate import evaluate  # an offline diagnosis evaluates nothing, and starts 20 ms sooner

        _, request, policies = self.case_file.evaluations[-1]
        return evaluate(request, policies)

    def evaluated_to_allow(self, layer: str) -> bool:
        """Return whether the layer allows the request according to the evaluation.

        Always False for the VPC endpoint's policy, and if AWS states or records another result.
        """
        if self.decision is None or layer == self.stated_layer or "record" in self.by_id or layer == "vpce":
            return False
        from iam.policy.layer import LayerResult

        return self.decision.layers.get(layer_of(layer)) is LayerResult.ALLOWED

    def unread(self, layer: str) -> bool:
        """Return whether a step says that the layer could not be read."""
        step = self.by_id.get(layer)
        return step is not None and LayerRead(layer, False) in step.asserts

    def refuses(self, layer: str) -> bool | None:
        """Return whether the layer denies the request, according to its step; None if that is unknown."""
        step = self.by_id.get(layer)
        if step is None or step.status is Status.UNKNOWN:
            return None
        return step.status is Status.FAIL


def truth(claim: Claim, facts: Facts, fix: Fix | None = None) -> bool | None:
    """Return whether the facts confirm (True) or refute (False) the claim, or None if they do neither."""
    match claim:
        case LayerRefuses(layer):
            found = facts.refuses(layer)
            if found and facts.evaluated_to_allow(layer):
                return False
            # What the text says about a layer was true when the text was written.
            return None if found is False and layer == facts.stated_layer else found
        case OneRefuses(layers):
            said = [facts.refuses(layer) for layer in layers or POLICY_TYPES]
            if any(said):
                return True
            return None if layers and None in said else False
        case LayerRead(layer):
            unread = facts.verdict.unread if facts.verdict is not None else ()
            step = facts.by_id.get(layer)
            if layer in unread:
                return False
            return None if step is None or step.status is Status.UNKNOWN else True
        case LayerPresent(layer):
            step = facts.by_id.get(layer)
            return (
                None
                if step is None
                else step.status is not Status.SKIPPED and LayerPresent(layer, False) not in step.asserts
            )
        case NamesCaller(layer):
            step = facts.by_id.get(layer)
            nearest = step.evidence[0].element if step is not None and step.evidence else None
            return {"Principal": False, "Condition": True}.get(nearest or "")
        case ConditionFails():
            return _condition_fails(claim, facts)
        case TextBlames(layer):
            return ("trust" if layer == "resource" and "trust" in facts.by_id else layer) == facts.stated_layer
        case TextStates(part):
            return _states(part, facts)
        case Says(part, value):
            named = _parts(part, facts)
            return None if named is None else any(value.lower() in each.lower() for each in named)
        case Mentions(pattern):
            found_in = facts.failure.text if facts.failure is not None else None
            return None if found_in is None else re.search(pattern, found_in, re.IGNORECASE | re.DOTALL) is not None
        case TextDenies():
            if not isinstance(facts.failure, Denial):
                return None
            return (facts.failure.stated_reason or "").startswith(("explicit", "s3-block"))
        case Quotes(words):
            return None if facts.failure is None else _letters(words) in facts.words
        case Tells(fact):
            return None if facts.failure is None else fact in facts_of(facts.failure)
        case Exists(kind, name):
            return facts.existing.get((kind, name))
        case KeyKnown(key):
            asked = (
                {question.key.lower() for question in facts.verdict.questions} if facts.verdict is not None else set()
            )
            return key.lower() not in asked
        case DenyDecides():
            return _deny_decides(facts)
        case Shown(name, value):
            step = facts.by_id.get(name)
            return None if step is None else value in _shown(step)
        case Found(name):
            step = facts.by_id.get(name)
            return None if step is None or step.status is Status.UNKNOWN else bool(step.evidence)
        case WitnessesAgree():
            heard = [step.agree for step in facts.steps if step.agree is not None]
            return all(heard) if heard else None
        case EnoughAlone():
            return _enough_alone(facts, fix) if fix is not None else None
        case AllowsMore():
            return bool(fix.gains) if fix is not None else None


def _condition_fails(claim: ConditionFails, facts: Facts) -> bool | None:
    """Return whether the layer's step found the failed condition that the claim describes.

    Return None if the step found no condition, or if the value is unknown. Return False if no statement of the layer
    names the action, because then no condition was evaluated.
    """
    step = facts.by_id.get(claim.layer)
    if step is not None and step.status is Status.FAIL and step.evidence and step.evidence[0].element == "Action":
        return False
    found = [each for one in (step.evidence if step is not None else ()) for each in one.conditions]
    if not found or step is None or step.evidence[0].element != "Condition":
        return None
    of_key = [each for each in found if each.key.lower().endswith(claim.key)]
    if not of_key or not claim.had:
        return bool(of_key)
    if any(each.had is None for each in of_key):
        return None
    return any(re.search(claim.had, value) is not None for each in of_key for value in each.had or ())


def _letters(text: str) -> str:
    return re.sub(r"[^\w:/.@*+=-]|…", "", text.lower())


def _shown(step: Step) -> str:
    return " ".join((step.summary, *(f"{each.text} {each.policy} {each.arn}" for each in step.evidence)))


def _states(part: TextPart, facts: Facts) -> bool | None:
    """Return whether the text states a part of the request, according to its parsed fields or its own tokens."""
    failure = facts.failure
    if failure is None:
        return None
    if part is TextPart.OWN_WORDS:
        return stated_in(failure.text) is not None
    if not isinstance(failure, Denial):
        said = _parts(part, facts)
        return None if said is None else any(said)
    match part:
        case TextPart.ACTION:
            return bool(failure.action) or ACTION_NAME.search(failure.text) is not None
        case TextPart.PRINCIPAL:
            if failure.principal and (not _NAMED.search(failure.principal) or _CUT.search(failure.principal)):
                return None  # redacted or truncated: whether such a value names somebody is a matter of wording
            # The user that a call is about is not the caller.
            beside = failure.text.replace(failure.resource, "") if failure.resource else failure.text
            return bool(failure.principal) or _CALLER.search(beside) is not None
        case TextPart.RESOURCE:
            return bool(failure.resource)
        case TextPart.REASON:
            return bool(failure.stated_reason)
        case TextPart.TRUST:
            return failure.claims_trust
        case TextPart.ENCODED:
            return bool(failure.encoded_message)
    said = _parts(part, facts)
    return None if said is None else any(said)


_FIELDS = {
    TextPart.ACTION: ("action", "missing_action"),
    TextPart.REASON: ("stated_reason",),
    TextPart.KIND: ("entity_type",),
    TextPart.STACK: ("owner_stack",),
    TextPart.NAME: ("name", "detail"),
}
"""The fields of a failure that contain a part of its text. A part that is not listed is in the field of the
same name.
"""


def _parts(part: TextPart, facts: Facts) -> tuple[str, ...] | None:
    """Return the parsed values of a part of the text, or None if the failure has no such part."""
    failure = facts.failure
    if failure is None:
        return None
    if part is TextPart.TOKEN:
        tokens = () if isinstance(failure, Conflict) else failure.tokens
        return tuple(value for token in tokens for value in token.claim("sub"))
    fields = [name for name in _FIELDS.get(part, (part.value,)) if hasattr(failure, name)]
    return tuple(str(getattr(failure, name) or "") for name in fields) if fields else None


def _deny_decides(facts: Facts) -> bool | None:
    """Return whether an explicit deny decides, according to the text, a step or the evaluation; None if unknown."""
    step = facts.by_id.get("explicit-denies")
    if isinstance(facts.failure, Denial) and (facts.failure.stated_reason or "").startswith(("explicit:", "s3-block")):
        # What the text says was true when it was written; the step says what is true now.
        return None if step is not None and step.status is Status.PASS else True
    if step is not None and step.status is Status.FAIL:
        return True
    if step is not None and step.status is Status.UNKNOWN:
        return None
    return False if step is not None else None


def _enough_alone(facts: Facts, fix: Fix) -> bool | None:
    """Return whether a change can be sufficient alone, or None if that is unknown.

    A policy change is not sufficient if another layer also denies the request. No change is sufficient if it is needed
    together with others.
    """
    from diagnostics.fix import PolicyChange, TrustChange  # an offline answer mostly has no fix

    if fix.together is not None:
        return False
    if facts.verdict is None:
        return None
    of_a_policy = isinstance(fix.change, PolicyChange | TrustChange)
    cause = facts.verdict.cause.partition(".")[0]
    if of_a_policy and any(facts.refuses(layer) for layer in POLICY_TYPES if layer != cause):
        return False
    if fix.situation is None:
        return fix.verified if of_a_policy else None
    from iam.policy.decision import Outcome
    from iam.policy.evaluate import evaluate

    decision = evaluate(fix.situation.request, fix.situation.policies)
    # A Deny may match an unknown key that the engine assumes absent. The verified result then remains valid.
    return fix.verified if decision.outcome is Outcome.EXPLICIT_DENY else decision.allowed


# What each part of a diagnosis claims.


def sentences_of(verdict: Verdict) -> tuple[Sentence, ...]:
    """Return a verdict's sentences. If it has no sentences, return its summary as one, with the claims of its cause."""
    return verdict.sentences or (Sentence(verdict.summary, claims_of_cause(verdict)),)


def claims_of_cause(verdict: Verdict) -> tuple[Claim, ...]:
    """Return the claims that a verdict's cause makes by itself."""
    layer, _, fault = verdict.cause.partition(".")
    if verdict.cause == "allowed.now":
        return (OneRefuses(holds=False),)
    if layer not in POLICY_TYPES:
        return ()
    unread = layer in verdict.unread
    denies = (DenyDecides(),) if fault == "explicit-deny" and not verdict.questions else ()
    return (*denies, LayerRead(layer, False) if unread else LayerRefuses(layer))


def claims_of_fix(fix: Fix) -> tuple[Claim, ...]:
    """Return the claims that a fix makes, from the values that its displayed lines are generated from.

    An example of such a line is ``evaluated: allowed, nothing else newly allowed``.
    """
    words = " ".join((fix.title, *fix.cautions)).lower()
    claims: list[Claim] = [EnoughAlone()] if fix.verified else []
    if "nothing else" in words or "nothing more" in words:
        claims.append(AllowsMore(False))
    return tuple(claims)


def claims_of_look(look: FirstLook) -> tuple[Claim, ...]:
    """Return the claims that a common cause makes, about the steps and about the text (``because``)."""
    return (*look.asserts, *look.because.claims)


# The pass.


def false_claims(claims: Iterable[Claim], facts: Facts, fix: Fix | None = None) -> tuple[Claim, ...]:
    """Return the claims that the facts contradict."""
    return tuple(
        claim for claim in claims if (found := truth(claim, facts, fix)) is not None and found is not claim.holds
    )


def consistent(failure: Failure, parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts of a diagnosis, without sentences that contradict the steps before them.

    The sentences that are left out are logged.
    """
    facts = Facts(failure, ())
    for part in parts:
        match part:
            case Step():
                facts = replaced(facts, steps=(*facts.steps, part))
                if wrong := false_claims(part.asserts, facts):
                    _report(f"step {part.id}", part.summary, wrong)
            case CaseFile():
                facts = replaced(facts, case_file=part)
            case Verdict():
                facts = replaced(facts, verdict=part)
                part = _without_false_sentences(part, facts)
            case RequestFacts():
                pass
            case _:
                part = _without_false_words(part, facts)
        yield part


def _without_false_sentences(verdict: Verdict, facts: Facts) -> Verdict:
    kept = []
    for sentence in sentences_of(verdict):
        if wrong := false_claims(sentence.claims, facts):
            _report(f"verdict {verdict.cause}", sentence.text, wrong)
        else:
            kept.append(sentence)
    if len(kept) == len(sentences_of(verdict)):
        return verdict
    if not kept:
        return Verdict(_UNREADABLE, confidence(Ground.NOTHING), _UNSETTLED, verdict.questions, verdict.unread)
    sentences = tuple(kept)
    return replace(
        verdict, confidence=at_most_likely(verdict.confidence), summary=joined(sentences), sentences=sentences
    )


def _without_false_words(fix: Fix, facts: Facts) -> Fix:
    wrong = false_claims(claims_of_fix(fix), facts, fix)
    if not wrong:
        return fix
    _report("fix", fix.title, wrong)
    cautions = tuple(each for each in fix.cautions if "nothing else" not in each.lower())
    return replace(fix, verified=None if EnoughAlone() in wrong else fix.verified, cautions=cautions)


def _report(place: str, sentence: str, wrong: tuple[Claim, ...]) -> None:
    LOG.error("a sentence contradicts the data that was read and is not shown (%s): %s: %s", place, wrong, sentence)
