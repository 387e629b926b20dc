"""The decoded authorization message, however it was printed, is a denial with everything that it carries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline
from diagnostics.failure import Denial
from diagnostics.failure_details import DecodedMessage, MatchedStatement
from diagnostics.text.read.forms.decoded_messages import decoded_messages
from diagnostics.text.read.parse import parse

WHO = "arn:aws:sts::111122223333:assumed-role/web/i-1"
WHAT = "arn:aws:ec2:us-east-1:111122223333:instance/*"
REFUSED = (
    "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to "
    "perform this operation. Encoded authorization failure message: 4kqtO7oCtcJvBYmGlfVhS8Pm2hGgT0aX1bQ9"
)


def listed(*items: Any) -> dict[str, Any]:
    return {"items": list(items)}


def message(*, explicit: bool) -> dict[str, Any]:
    statement = {
        "statementId": "NoBigOnes",
        "effect": "DENY",
        "principals": listed({"value": "AROAX"}),
        "actions": listed({"value": "ec2:RunInstances"}),
        "resources": listed({"value": "*"}),
        "conditions": listed({"key": "ec2:InstanceType", "values": listed({"value": "m5.*"})}),
    }
    return {
        "allowed": False,
        "explicitDeny": explicit,
        "matchedStatements": listed(statement) if explicit else listed(),
        "failures": listed({"reason": "no key"}) if explicit else listed(),
        "context": {
            "principal": {"id": "AROAX:i-1", "arn": WHO},
            "action": "ec2:RunInstances",
            "resource": WHAT,
            "conditions": listed({"key": "ec2:InstanceType", "values": listed({"value": "m5.24xlarge"})}),
        },
    }


BARE = json.dumps(message(explicit=True))
WHOLE = DecodedMessage(
    True,
    (("ec2:InstanceType", ("m5.24xlarge",)),),
    (MatchedStatement("NoBigOnes", "DENY", ("ec2:RunInstances",), ("*",), (("ec2:InstanceType", ("m5.*",)),)),),
    ('{"reason": "no key"}',),
)


@pytest.mark.parametrize(
    "text",
    [
        BARE,
        json.dumps(message(explicit=True), indent=4),
        json.dumps({"DecodedMessage": BARE}, indent=4),
        json.dumps(BARE),
        f"$ aws sts decode-authorization-message --encoded-message 4kqtO7 --query DecodedMessage --output text\n{BARE}",
        f"it says: {BARE} - what now?",
        f"{REFUSED}\n\n{BARE}",
        f"{REFUSED}\n{json.dumps({'DecodedMessage': BARE})}",
    ],
)
def test_it_is_a_denial_with_all_that_it_carries(text: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (WHO, "ec2:RunInstances", WHAT)
    assert failure.stated_reason == "explicit:unknown"
    assert failure.decoded == WHOLE
    assert bool(failure.encoded_message) is (REFUSED in text)
    diagnosis = collect_offline(failure)
    assert "NoBigOnes" in diagnosis.verdict.summary
    assert any(evidence.sid == "NoBigOnes" for step in diagnosis.steps for evidence in step.evidence)
    assert not any("Decode" in fix.title for fix in diagnosis.fixes)


def test_without_a_deny_something_allows_nothing() -> None:
    (failure,) = parse(json.dumps(message(explicit=False)))
    assert isinstance(failure, Denial)
    assert failure.stated_reason is None
    assert "no policy allows it" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"explicitDeny": True},
        {"explicitDeny": False, "context": 1},
        {"explicitDeny": True, "matchedStatements": [1]},
    ],
)
def test_a_broken_message_is_read_as_far_as_it_goes(value: dict[str, Any]) -> None:
    assert parse(json.dumps(value))
    whole = json.dumps(message(explicit=True))
    assert all(parse(whole[:cut]) for cut in range(0, len(whole), 7))


def test_an_action_without_its_service_has_that_of_the_resource() -> None:
    short = json.dumps(message(explicit=False)).replace('"ec2:RunInstances"', '"RunInstances"')
    assert [failure.action for failure in parse(short) if isinstance(failure, Denial)] == ["ec2:RunInstances"]


def test_a_message_about_another_action_than_the_sentence_beside_it_is_a_denial_of_its_own() -> None:
    said = f"User: {WHO} is not authorized to perform: ec2:CreateTags on resource: {WHAT}"
    both = parse(f"{said}\n$ aws sts decode-authorization-message …\n{json.dumps(message(explicit=False))}")
    assert [failure.action for failure in both if isinstance(failure, Denial)] == ["ec2:CreateTags", "ec2:RunInstances"]


CALLER, KEY = "arn:aws:sts::111122223333:assumed-role/web/ann", "arn:aws:kms:eu-west-1:111122223333:key/0a1b"


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ({"action": "kms:CreateGrant", "resource": KEY, "p": CALLER}, ("kms:CreateGrant", KEY, CALLER)),
        ({"what": "ec2:RunInstances", "on": WHAT, "who": CALLER}, ("ec2:RunInstances", WHAT, CALLER)),
        ({"a": "ec2:RunInstances", "b": "ec2:CreateTags", "c": WHAT, "d": KEY}, (None, None, None)),
    ],
)
def test_selected_fields_are_read_by_what_their_values_are(
    selected: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    (denial,) = parse(json.dumps({"allowed": False, "explicitDeny": False, **selected}))
    assert isinstance(denial, Denial)
    assert (denial.action, denial.resource, denial.principal) == expected


VALUES = json.dumps([False, True, CALLER, "kms:CreateGrant", KEY])
PATHS = "'[.allowed,.explicitDeny,.context.principal.arn,.context.action,.context.resource]'"
DECODES = "$ aws sts decode-authorization-message --encoded-message X --query DecodedMessage --output text"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"{DECODES} | jq -c {PATHS}\n{VALUES}", "kms:CreateGrant"),
        (f"{DECODES} | jq {PATHS}\n{json.dumps(json.loads(VALUES), indent=2)}", "kms:CreateGrant"),
        ("jq '[.explicitDeny,.context.action]' m.json\n[false,\"sqs:SendMessage\"]", "sqs:SendMessage"),
        # More values than names, a call that is allowed, and no list.
        (f"{DECODES} | jq -c {PATHS}\n{VALUES[:-1]}, 1]", None),
        (f"{DECODES} | jq -c {PATHS}\n{VALUES.replace('false', 'true')}", None),
        (f"{DECODES} | jq -c {PATHS}\n{VALUES[1:-1]}", None),
    ],
)
def test_a_list_has_the_names_by_which_its_values_were_selected(text: str, action: str | None) -> None:
    assert [each.action for each in decoded_messages(text)] == ([action] if action else [])


ON_KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (
            "decoded:\n  allowed ...... false\n  explicitDeny . false\n  action ....... kms:Decrypt\n"
            f"  resource ..... {ON_KEY}",
            None,
        ),
        (f"I decoded it. No explicit deny, context.action = kms:Decrypt, context.resource = {ON_KEY}.", None),
        (
            f"Decoded message:\nexplicitDeny | true\naction       | kms:Decrypt\nresource     | {ON_KEY}",
            "explicit:unknown",
        ),
        (f"after decoding: explicitDeny: true; action: kms:Decrypt; resource: {ON_KEY}", "explicit:unknown"),
    ],
)
def test_a_message_that_somebody_wrote_down_is_the_denial(written: str, reason: str | None) -> None:
    (failure,) = parse(f"{REFUSED}\n\n{written}\n")
    assert isinstance(failure, Denial)
    assert (failure.operation, failure.action, failure.resource) == ("RunInstances", "kms:Decrypt", ON_KEY)
    assert failure.stated_reason == reason


@pytest.mark.parametrize(
    "written",
    [
        "We cannot decode it.\nThe policy: action = kms:Decrypt, resource = *",
        "decoded:\nallowed: true\nexplicitDeny: false\naction: kms:Decrypt",
        'Decode it, then look whether there is an explicit deny: the policy has "Action": "kms:Decrypt"',
    ],
)
def test_what_is_no_decoded_message_is_not_read_as_one(written: str) -> None:
    (failure,) = parse(f"{REFUSED}\n\n{written}\n")
    assert isinstance(failure, Denial)
    assert failure.action == "ec2:RunInstances"


def test_the_statements_of_a_message_under_other_names_are_read() -> None:
    whole = message(explicit=True)
    chosen = {"explicitDeny": True, "action": "ec2:RunInstances", "st": whole["matchedStatements"]["items"]}
    (failure,) = parse(f"{REFUSED}\n\n{json.dumps(chosen)}")
    assert isinstance(failure, Denial) and failure.decoded is not None
    assert failure.decoded.statements == WHOLE.statements
