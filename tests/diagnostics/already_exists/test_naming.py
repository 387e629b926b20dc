"""Other names: of the account's own pattern, valid, and free."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.already_exists.advice.rename import account_pattern, name_rules, rename_fix
from diagnostics.already_exists.kinds import FACTS, EntityKind, key_of, valid_name
from diagnostics.already_exists.wanted import NOTHING_STATED, Wanted
from diagnostics.commands import Untypable, iam
from diagnostics.diagnosis import Confidence
from diagnostics.fix import RoleCreation
from iam.account import Account
from iam.creation.draft.names import candidates, free_names, pattern_of
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.conflict_memory import MemoryReader, account, policy, profile, role, trust
from tests.support.driving.conflict_run import first_word, run, taken


def suggested(
    name: str, seen: Account, kind: EntityKind = EntityKind.ROLE, wanted: Wanted = NOTHING_STATED, both: bool = False
) -> list[str]:
    reader = MemoryReader(seen)
    return rename_fix(kind, name, wanted, OpenedAccount(seen, reader), "", both).text.splitlines()  # type: ignore[arg-type]  # it has the reads that conflicts need


PATTERNS = (
    (("tide-api-prod", "wave-api-prod", "sea-worker-prod", "x"), "gauge", ["gauge-prod", "gauge-2", "gauge-3"]),
    (("tide_api", "wave_api", "sea_worker"), "gauge", ["gauge_2", "gauge_3", "gauge_4"]),
    (("TideApi", "WaveApi", "SeaWorkerProd", "FooProd"), "Gauge", ["GaugeProd", "Gauge2", "Gauge3"]),
    (("prod-tide", "prod-wave", "prod-x"), "gauge", ["prod-gauge", "gauge-2", "gauge-3"]),
    (("tide-prod", "wave-prod", "wave-test"), "gauge-test", ["gauge-2-test", "gauge-3-test", "gauge-4-test"]),
    ((), "gauge", ["gauge-2", "gauge-3", "gauge-4"]),
    (("gauge", "GAUGE-2", "tide-x"), "gauge", ["gauge-3", "gauge-4", "gauge-5"]),
)


@pytest.mark.parametrize(("names", "name", "expected"), PATTERNS)
def test_the_accounts_pattern_is_followed(names: tuple[str, ...], name: str, expected: list[str]) -> None:
    assert suggested(name, account(roles=tuple(role(each) for each in names))) == expected


def test_what_the_role_is_for_comes_first() -> None:
    names = ("tide-lambda", "wave-lambda", "sea-task", "foam-task")
    seen = account(
        roles=tuple(
            role(each, trust=trust(f"{'lambda' if 'lambda' in each else 'ecs-tasks'}.amazonaws.com")) for each in names
        )
    )
    assert suggested("gauge", seen, wanted=Wanted(trust=trust("ecs-tasks.amazonaws.com")))[0] == "gauge-task"


def test_the_instance_profiles_name_is_free_too_when_one_is_wanted() -> None:
    seen = account(roles=(role("gauge"),), instance_profiles=(profile("gauge-2"), profile("Gauge-4")))
    assert suggested("gauge", seen) == ["gauge-2", "gauge-3", "gauge-4"]
    assert suggested("gauge", seen, both=True) == ["gauge-3", "gauge-5", "gauge-6"]


def test_names_that_cannot_be_checked_are_said_to_be_unchecked() -> None:
    seen = account(roles=(), incomplete=frozenset({"roles"}))
    reader = MemoryReader(seen, denied=frozenset({"*"}))
    fix = rename_fix(EntityKind.ROLE, "gauge", NOTHING_STATED, OpenedAccount(seen, reader), "")  # type: ignore[arg-type]  # it has the reads that conflicts need
    assert "not checked" in fix.title
    assert len(fix.text.splitlines()) == 3


names = st.text(min_size=1, max_size=90)
iam_names = st.text("abcdefgXYZ0189-_.+=,@", min_size=1, max_size=64)
kinds = st.sampled_from(
    [kind for kind in EntityKind if kind not in (EntityKind.OIDC_PROVIDER, EntityKind.LOGIN_PROFILE)]
)


@given(kinds, names | iam_names, st.lists(iam_names, max_size=8), st.lists(st.integers(2, 9), max_size=4))
def test_suggestions_are_always_valid_and_free(
    kind: EntityKind, name: str, others: list[str], numbers: list[int]
) -> None:
    pattern = pattern_of(others)
    tried = list(
        dict.fromkeys(each for _, each in zip(range(9), candidates(name, pattern, name_rules(kind)), strict=False))
    )
    taken_names = {
        key_of(kind, each) for each in [*others, *(tried[number - 2] for number in numbers if number - 2 < len(tried))]
    }

    found = free_names(name, pattern, lambda each: key_of(kind, each) not in taken_names, name_rules(kind))
    assert len(found) == 3
    for candidate, checked in found:
        assert checked
        assert valid_name(kind, candidate)
        assert len(candidate) <= FACTS[kind].longest
        assert key_of(kind, candidate) not in taken_names | {key_of(kind, name)}
    assert len({key_of(kind, candidate) for candidate, _ in found}) == 3


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_command_parses_back_to_one_word_for_each_value(name: str, other: str) -> None:
    try:
        line = iam("tag-role", ("role-name", name), ("tag-keys", other))
    except Untypable:
        return
    words = shlex.split(line)
    said = [word.removeprefix("--role-name=").removeprefix("--tag-keys=") for word in words]
    assert words[:3] == ["aws", "iam", "tag-role"]
    assert [word for word in said[3:] if word not in ("--role-name", "--tag-keys")] == [
        word for word in (name, other) if word not in ("--role-name", "--tag-keys")
    ]
    assert "\n" not in line
    assert "\x1b" not in line


HOSTILE = ("$(reboot)", "a'; reboot; '", "--profile=evil", "a b", "[red]x[/]", "`x`", '"', "日本")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_one_word(name: str) -> None:
    seen = account(roles=(role(name, last_used=None),), instance_profiles=(profile(name),))
    for kind in ("role", "instance-profile", None):
        _, _, fixes = run(taken(kind, name), seen)
        for fix in fixes:
            for line in fix.text.splitlines():
                if line.startswith("aws "):
                    words = shlex.split(line)
                    assert words[0] == "aws"
                    # Another name to take is clean, and nothing of the hostile one may be left in its command.
                    assert any(name in word for word in words) != fix.title.startswith("rename")


@pytest.mark.parametrize("name", ["a\x1b[201~rm -rf ~\n", "a\u202eb", "a\nb", "a\x00"])
def test_names_that_cannot_be_pasted_get_no_command(name: str) -> None:
    seen = account(roles=(role(name, last_used=None),), instance_profiles=(profile(name),))
    for kind in ("role", "instance-profile"):
        steps, verdict, fixes = run(taken(kind, name), seen)
        texts = [verdict.summary, *(step.summary for step in steps.values()), *(fix.title for fix in fixes)]
        assert not any(character in text for text in texts for character in "\x1b\u202e\x00")
        others = [fix for fix in fixes if not fix.title.startswith("rename")]
        assert not any(line.startswith("aws ") for fix in others for line in fix.text.splitlines())


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("tide-re\u0430der", "character 8 U+0430 (cyrillic small letter a)"),
        ("\u212aelp", "character 1 U+212A (kelvin sign)"),
        ("tide\u2011reader", "U+2011 (non-breaking hyphen)"),
        ("tide\u202ereader", "U+202E (right-to-left override)"),
        ("x" * 65, "65 characters, but a role's name may have only 64"),
    ],
)
def test_a_name_that_iam_cannot_have_is_nobody_s(name: str, fault: str) -> None:
    seen = account(roles=(role("tide-reader"), role("Kelp")))
    _, verdict, fixes = run(taken("role", name), seen)
    assert (verdict.cause, verdict.confidence) == ("name.free", Confidence.CERTAIN)
    assert fault in verdict.summary
    assert "\u202e" not in verdict.summary
    assert ("looks the same" in verdict.summary) == (len(name) < 64)
    assert [first_word(fix) for fix in fixes] == ["rename"]
    assert isinstance(fixes[0].change, RoleCreation)
    assert fixes[0].change.role.name.isascii()


@pytest.mark.parametrize(("kind", "length"), [("role", 64), ("policy", 128)])
def test_the_longest_names_are_shortened_and_not_cut_off_at_the_word(kind: str, length: int) -> None:
    _, verdict, fixes = run(taken(kind, "X" * length), account(roles=(role("x" * 64),), policies=(policy("x" * 128),)))
    assert verdict.cause in ("name.taken-other-case", "policy.taken")
    listed = next(fix for fix in fixes if first_word(fix) == "rename").text.splitlines()
    assert all(len(name) == length for name in listed)
    assert listed[0].endswith("-2")


@settings(max_examples=30)
@given(st.lists(names, max_size=30))
def test_any_account_has_a_pattern(others: list[str]) -> None:
    account_pattern(EntityKind.ROLE, account(roles=tuple(role(each) for each in others)))
