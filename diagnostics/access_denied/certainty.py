"""Limit how certain a verdict and its fixes are, by the sources of the values that they are based on.

If the caller, action or role is a guess, the verdict is likely at most. Its fixes then become one question that lists
the candidates: a change that is right for another role is not a fix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.access_denied.request.values import RequestValues
from diagnostics.diagnosis import Question, Verdict
from diagnostics.fix import Calls, Fix, Note, PolicyChange, Revert, TrustChange, UnknownValue
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.arn import name_of
from iam.claims import Source, Sourced, at_most_likely
from iam.words import listing

_CHANGES = (Calls, PolicyChange, Revert, TrustChange)


def guesses(values: RequestValues) -> dict[str, Sourced[str]]:
    """Return which of the caller, the action and the resource are guesses or uncertain defaults."""
    found = {name: values[name] for name in ("principal", "action", "resource") if name in values}
    return {name: had for name, had in found.items() if not had.settled}


def limited(verdict: Verdict, values: RequestValues, further: Iterable[Question] = ()) -> Verdict:
    """Return the verdict with its confidence limited by the sources of its values.

    The verdict gets a question for each guess, and the ``further`` questions.
    """
    asked = {question.key.lower(): question for question in verdict.questions}
    guessed = guesses(values)
    for name, had in guessed.items():
        question = _question(name, had, values)
        asked.setdefault(question.key.lower(), question)
    for question in further:
        asked.setdefault(question.key.lower(), question)
    confidence = at_most_likely(verdict.confidence) if guessed else verdict.confidence
    return replace(verdict, confidence=confidence, questions=tuple(asked.values()))


def as_sure_as_its_keys(finding: DenialFinding, case: Case) -> DenialFinding:
    """Return the finding, at most likely if another possible value of an assumed key would change the decision.

    The finding is also at most likely if the statement at fault tests an assumed key, because the verdict then states
    the assumed value. The finding gets a question about each such key. An assumed key is ignored if none of its other
    values changes the decision.
    """
    tested = _tested_keys(finding)
    names = [
        name
        for name, had in case.assumed_keys.items()
        if name in case.sensitive_keys or (name.lower() in tested and not _all_evaluated(had))
    ]
    if not names:
        return finding
    asked = {question.key.lower() for question in finding.questions}
    further = tuple(_about_key(name, case.values[name]) for name in names if name.lower() not in asked)
    return replace(finding, confidence=finding.likely, questions=(*finding.questions, *further))


def _all_evaluated(had: Sourced[tuple[str, ...]]) -> bool:
    """Return whether all other values of a default are listed, so that `Case.sensitive_keys` evaluated them."""
    return had.source is Source.DEFAULT and had.others is not None


def _tested_keys(finding: DenialFinding) -> frozenset[str]:
    """Return the condition keys that the statement at fault tests, or that determine which policy applies.

    The keys are in lower case.
    """
    keys = {failure.key.lower() for failure in finding.near.conditions} if finding.near is not None else set()
    if finding.word == "vpce":
        keys.add("aws:sourcevpce")
    if finding.deny is not None:
        for statement in finding.deny.policy.document.statements:
            if statement.index == finding.deny.statement:
                keys |= {block.key.lower() for block in statement.conditions}
    return frozenset(keys)


def _about_key(name: str, had: Sourced[tuple[str, ...]]) -> Question:
    return Question(name, (), f"{source_of(name)}: {had.words} is assumed ({had.read_from})")


def _question(name: str, had: Sourced[str], values: RequestValues) -> Question:
    others = had.others or ()
    names = tuple(name_of(each) for each in (had.words, *others))
    if name == "resource" and _about_a_role(values):
        return Question("role", names, f"the role to assume: {names[0]} is a guess ({had.read_from})")
    if name == "principal":
        return Question("aws:PrincipalArn", (), f"who was calling: {names[0]} is a guess ({had.read_from})")
    return Question(name, (), f"the {name}: {had.words} is a guess ({had.read_from})")


def _about_a_role(values: RequestValues) -> bool:
    return "action" in values and is_trust_action(values["action"].words)


def _guessed(verdict: Verdict, values: RequestValues) -> bool:
    """Return whether the caller, action or resource is a guess, or the role to be assumed is not named."""
    unnamed = _about_a_role(values) and "resource" not in values
    return bool(guesses(values)) or (unnamed and verdict.cause.startswith("trust."))


def rests_on_a_guess(fix: Fix, verdict: Verdict, values: RequestValues) -> bool:
    """Return whether a fix makes a change for a caller or role that is only a guess."""
    return isinstance(fix.change, _CHANGES) and _guessed(verdict, values)


def as_far_as_known(fix: Fix, verdict: Verdict, values: RequestValues) -> Fix:
    """Return the fix, marked as not verified if it was evaluated for a guessed caller, action or resource."""
    if not _guessed(verdict, values):
        return fix
    keys = tuple(map(UnknownValue, guesses(values) or ("resource",))) if fix.verified else ()
    return replace(fix, verified=None, hangs_on=(*fix.hangs_on, *keys), together=None)


def without_guessed_path(fix: Fix, values: RequestValues) -> Fix:
    """Return the fix without a plan if the fix names another account's role by an ARN with a guessed path."""
    role = values.get("aws:PrincipalArn")
    if role is None or role.known or not isinstance(fix.change, PolicyChange | TrustChange):
        return fix
    if role.words not in fix.text:
        return fix
    if fix.before is not None and role.words in fix.before.text:
        return fix
    name = name_of(role.words)
    said = (
        f"The path of {name} is unknown, so its ARN may differ from {role.words} (aws iam get-role in the role's "
        "account returns it)"
    )
    return replace(
        fix,
        change=replace(
            fix.change,
            no_plan=f"{said}. Before you use the statement, replace its ARN with the role's real ARN.",
        ),
        verified=fix.verified and None,
        hangs_on=(*fix.hangs_on, UnknownValue("aws:PrincipalArn")) if fix.verified else fix.hangs_on,
        cautions=(*fix.cautions, said),
        forms=(),
    )


def question_instead(verdict: Verdict, values: RequestValues) -> Fix:
    """Return the fix that asks which caller, action or role it was, because every change would be based on a guess."""
    question = next((each for each in verdict.questions if each.key == "role"), None)
    if question is not None or _about_a_role(values):
        wanted = question.wanted if question is not None else ()
        named = f": {listing(wanted, 'or')}, or another" if wanted else ""
        text = (
            "The text does not name the role. If the wrong role's trust policy is changed, the caller can assume "
            "that wrong role. Give --role NAME, or select the role, to have its trust policy checked."
        )
        return Fix(f"Say which role the call requested{named}", Who.YOU, Note("the role to assume", text))
    guessed = next(iter(guesses(values).items()), None)
    name, had = guessed if guessed is not None else ("principal", None)
    what = {"principal": "who was calling", "action": "which action was refused"}.get(name, "which resource it was")
    assumed = f" {had.words} is a guess: {had.read_from}." if had is not None else ""
    key = {"principal": "aws:PrincipalArn"}.get(name, name)
    return Fix(
        f"To have a change evaluated, say {what}",
        Who.YOU,
        Note("the request", f"The text does not say {what}.{assumed} Give --context {key}=VALUE."),
    )
