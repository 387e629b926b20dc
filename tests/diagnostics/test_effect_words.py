"""P21: effects are sentences for people; each by itself stays in the JSON and behind a key."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from diagnostics.effect_words import grouped_lines, when
from diagnostics.fix import Fix, Note
from diagnostics.fix_report import fix_json
from diagnostics.who import Who
from iam.policy.statements import ConditionBlock
from iam.questions.change.effects import GAINS, LOSSES, AccessEffect, EffectKind, Effects
from iam.service_reference import actions, resource_types
from screens.diagnose.evidence import fix_lines, proof_words
from screens.diagnose.fixes import proof_in_short

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1111-2222"
BUCKET = "arn:aws:s3:::orders"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLES = tuple(f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("api", "batch", "worker"))
OF_A_KEY = tuple(
    name
    for name, each in sorted((one.name, one) for one in actions("kms").values())
    if {kind.name for kind in each.resource_types} & {t.name for t in resource_types("kms").values() if t.fits(KEY)}
)
VPC = ConditionBlock("StringEquals", "aws:SourceVpc", ("vpc-1",))


def lost(
    principals: tuple[str, ...], names: tuple[str, ...], resource: str, *when: ConditionBlock
) -> list[AccessEffect]:
    return [AccessEffect(EffectKind.NEWLY_DENIED, principals, name, resource, conditions=when) for name in names]


@dataclass(frozen=True)
class Grouped:
    name: str
    found: list[AccessEffect]
    lines: tuple[str, ...]


CASES = (
    Grouped(
        "root and a role lose a key",
        [*lost((ROOT,), OF_A_KEY, KEY), *lost((ROLES[0],), OF_A_KEY, KEY)],
        (f"all {len(OF_A_KEY)} actions of kms on {KEY} by account {ACCOUNT} and api",),
    ),
    Grouped(
        "four roles lose some actions of a bucket",
        lost(
            ROLES, ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectAcl"), BUCKET
        ),
        (f"5 actions (s3:GetObject, s3:PutObject, s3:DeleteObject and 2 more) on {BUCKET} by api, batch and worker",),
    ),
    Grouped(
        "who loses something else has a sentence",
        [*lost(ROLES[:1], ("s3:GetObject",), BUCKET), *lost(ROLES[1:2], ("s3:PutObject",), BUCKET)],
        (f"s3:GetObject on {BUCKET} by {ROLES[0]}", f"s3:PutObject on {BUCKET} by {ROLES[1]}"),
    ),
    Grouped(
        "conditions keep sentences apart",
        [*lost(ROLES[:1], ("s3:GetObject",), BUCKET), *lost(ROLES[1:2], ("s3:GetObject",), BUCKET, VPC)],
        (
            f"s3:GetObject on {BUCKET} by {ROLES[0]}",
            f"s3:GetObject on {BUCKET} by {ROLES[1]}, if aws:SourceVpc is vpc-1",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_effects_are_grouped_into_sentences(case: Grouped) -> None:
    assert tuple(
        line.replace(", and ", " and ") for line in grouped_lines(Effects(tuple(case.found)), LOSSES, None)
    ) == (case.lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_effect_is_in_the_json_and_behind_enter(case: Grouped) -> None:
    fix = Fix("Narrow the policy", Who.RESOURCE_OWNER, Note(KEY), True, Effects(tuple(case.found)))
    effects = fix.effect_lines(*LOSSES)
    assert fix_json(fix)["side_effects"]["newly_denied"] == list(effects)

    def shown(whole: bool) -> str:
        return "\n".join("".join(text for text, _ in row) for row in fix_lines(fix, 500, whole))

    more = len(effects) > len(case.lines)
    assert all(line in shown(True) for line in effects)
    count = fix.effect_count(*LOSSES)
    assert (f"enter lists {'all' if count == len(effects) else 'more of'} {count}" in shown(False)) is more
    assert not fix.grouped(GAINS)


def test_effects_that_are_not_listed_are_counted() -> None:
    objects = [each for number in range(60) for each in lost((ROLES[0],), ("s3:GetObject",), f"{BUCKET}/{number}")]
    fix = Fix("Narrow the policy", Who.RESOURCE_OWNER, Note(KEY), True, Effects(tuple(objects)))
    assert fix.effect_lines(*LOSSES)[-1] == "and 10 more"
    assert "60 things no longer allowed" in proof_words(fix)
    assert "-60 effects" in proof_in_short(fix)


@pytest.mark.parametrize(
    ("operator", "met", "unmet"),
    [
        ("DateLessThan", "is before", "is no earlier than"),
        ("DateGreaterThanEquals", "is no earlier than", "is before"),
        ("DateNotEquals", "is not", "is"),
    ],
)
def test_a_comparison_of_size_has_words_where_it_is_not_met(operator: str, met: str, unmet: str) -> None:
    block = ConditionBlock(operator, "aws:CurrentTime", ("2026-01-01",))
    assert when((block,), ()) == f"aws:CurrentTime {met} 2026-01-01"
    assert when((), (block,)) == f"aws:CurrentTime {unmet} 2026-01-01"
