"""A diagnosis written down: the JSON contract, Markdown, plain text; hostile text stays text."""

from __future__ import annotations

import json
from dataclasses import replace

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Confidence, Diagnosis, Evidence, FirstLook, Question, Status, Step, Verdict
from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange, ShellCommand
from diagnostics.report import shown_looks, to_json, to_json_all, to_markdown, to_text
from diagnostics.who import Who
from iam.questions.change.effects import AccessEffect, EffectKind, Effects

HOSTILE = "[red]\x1b[2J\u202e`rm -rf`\n# no title"


WARD = "arn:aws:iam::222233334444:role/r"
LISTED = Effects((AccessEffect(EffectKind.NEWLY_ALLOWED, (WARD,), "s3:ListBucket", "x", "x"),))


def diagnosis(failure: Failure | None = None, text: str = "ward") -> Diagnosis:
    return Diagnosis(
        failure or Denial("text", principal="arn:aws:iam::222233334444:user/mira", action="s3:GetObject"),
        (
            Step("message", "What the text says", Status.PASS, f"it says {text}"),
            Step(
                "identity",
                "Identity policies",
                Status.FAIL,
                text,
                (
                    Evidence(
                        "names s3:ListBucket", "identity", text, "arn:aws:iam::222233334444:policy/p", 0, None, "Action"
                    ),
                ),
                "local engine",
            ),
        ),
        Verdict(
            "identity.no-action", Confidence.LIKELY, f"{text}.", (Question("aws:SourceIp", ("10.0.0.0/8",), "why"),)
        ),
        (Fix(f"Add {text}", Who.ACCOUNT_ADMIN, PolicyChange(OtherPlace("p"), {}), True, LISTED),),
    )


def test_a_policy_change_is_a_document_and_a_command_is_text() -> None:
    made = diagnosis()
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ward/*"}
    quoted = json.dumps(statement)
    fixes = (
        Fix("a", Who.ACCOUNT_ADMIN, PolicyChange(OtherPlace("p"), statement)),
        Fix("b", Who.YOU, ShellCommand("p", "aws sts get-caller-identity")),
        Fix("c", Who.ORG_ADMIN, Note("p", quoted)),
    )
    changes = [fix["change"] for fix in to_json(replace(made, fixes=fixes))["fixes"]]
    assert changes == [statement, "aws sts get-caller-identity", quoted]


def test_the_json_document_has_the_names_of_the_contract() -> None:
    document = json.loads(json.dumps(to_json(diagnosis())))
    assert document["kind"] == "access-denied"
    assert document["parsed"]["principal"] == "arn:aws:iam::222233334444:user/mira"
    assert document["parsed"]["stated_reason"] is None
    assert document["verdict"] | {"questions": None} == {
        "cause": "identity.no-action",
        "confidence": "likely",
        "summary": "ward.",
        "questions": None,
        "unread": [],
        "hangs_on": [{"key": each["key"]} for each in document["verdict"]["questions"]],
        "since": None,
        "account": None,
    }
    (evidence,) = document["steps"][1]["evidence"]
    assert evidence | {"call": None} == {
        "layer": "identity",
        "policy": "ward",
        "arn": "arn:aws:iam::222233334444:policy/p",
        "statement": 0,
        "sid": None,
        "element": "Action",
        "text": "names s3:ListBucket",
        "call": None,
        "account": None,
    }
    (fix,) = document["fixes"]
    assert fix == {
        "title": "Add ward",
        "who": "account-admin",
        "kind": "policy-statement",
        "target": "p",
        "account": None,
        "change": {},
        "verified": True,
        "hangs_on": [],
        "side_effects": {
            "newly_allowed": ["s3:ListBucket on x by arn:aws:iam::222233334444:role/r"],
            "newly_denied": [],
            "loosened": [],
            "tightened": [],
            "complete": True,
            "requests": [
                {
                    "effect": "newly_allowed",
                    "principals": ["arn:aws:iam::222233334444:role/r"],
                    "action": "s3:ListBucket",
                    "resource": "x",
                    "conditions": [],
                    "unless": [],
                }
            ],
        },
        "cautions": [],
        "in_tool": None,
        "together": None,
        "forms": [],
    }


def test_of_several_failures_the_most_telling_comes_first() -> None:
    other = diagnosis(OtherFailure("o", Trouble.CREDENTIALS))
    conflict = diagnosis(Conflict("c", name="x"))
    vague = diagnosis(Denial("v"))
    told = diagnosis()
    document = to_json_all([other, conflict, vague, told])
    assert document["parsed"]["action"] == "s3:GetObject"
    assert [entry["kind"] for entry in document["more"]] == ["other", "entity-already-exists", "access-denied"]


def test_hostile_text_reaches_no_terminal_and_no_markup() -> None:
    plain = to_text(diagnosis(text=HOSTILE))
    page = to_markdown(diagnosis(text=HOSTILE))
    for written in (plain, page):
        assert "\x1b" not in written
        assert "\u202e" not in written
        assert "\\u001b[2J" in written or "\\\\u001b" in written
    assert "\n# no title" not in page
    assert "\n# no title" not in plain
    assert "\\[red\\]" in page


def test_plain_text_says_what_was_asked_and_proved() -> None:
    plain = to_text(diagnosis())
    assert " ✗  2 Identity policies: ward" in plain
    assert "aws:SourceIp (wanted: 10.0.0.0/8): why" in plain
    assert "evaluated: allowed; also newly allowed: s3:ListBucket on x" in plain
    assert to_text(diagnosis(), ascii_only=True).isascii()


def test_a_usual_cause_is_left_out_only_where_what_the_account_has_makes_the_cause_certain() -> None:
    look = FirstLook("A repository policy denies it.", Sentence("the text says so"), None, Who.RESOURCE_OWNER)
    by_account = diagnosis()
    certain = replace(by_account.verdict, confidence=Confidence.CERTAIN)
    by_text = replace(by_account, steps=by_account.steps[:1])
    assert shown_looks(replace(by_account, verdict=certain, looks=(look,))) == ()
    assert shown_looks(replace(by_account, looks=(look,))) == (look,)
    assert shown_looks(replace(by_text, verdict=certain, looks=(look,))) == (look,)
