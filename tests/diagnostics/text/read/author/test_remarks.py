"""What people state of a failure: ten ways to say each remark, and sentences that are near and state nothing."""

from __future__ import annotations

import pytest

from diagnostics.text.read.author.remarks import Remark, remarks

STATED = (
    ("ok green again", Remark.SOLVED, ""),
    ("works now", Remark.SOLVED, ""),
    ("It works again, thanks!", Remark.SOLVED, ""),
    ("10:24 <aline> ok, the build is green again", Remark.SOLVED, ""),
    ("now it works", Remark.SOLVED, ""),
    ("jetzt geht's wieder", Remark.SOLVED, ""),
    ("läuft wieder", Remark.SOLVED, ""),
    ("pipeline passes now after igor attached the policy", Remark.SOLVED, ""),
    ("Solved", Remark.SOLVED, ""),
    ("Edit: fixed, it was the wrong ARN", Remark.SOLVED, ""),
    ("all good now", Remark.SOLVED, ""),
    ("deploy went through this time", Remark.SOLVED, ""),
    ("tier 1 isn't supposed to see trails, ask sec-oncall", Remark.INTENDED, "sec-oncall"),
    ("this is by design", Remark.INTENDED, ""),
    ("Devs are not meant to delete buckets. Ask the platform team.", Remark.INTENDED, "platform team"),
    ("interns must not read payroll", Remark.INTENDED, ""),
    ("you shouldn't be able to touch prod, talk to @dba", Remark.INTENDED, "@dba"),
    ("that's intentional, ping #cloud-ops", Remark.INTENDED, "#cloud-ops"),
    ("Praktikanten sollen das nicht sehen, frag die Security", Remark.INTENDED, "Security"),
    ("contractors were never supposed to read that", Remark.INTENDED, ""),
    ("we aren't supposed to write there, contact data-platform", Remark.INTENDED, "data-platform"),
    ("the denial is on purpose", Remark.INTENDED, ""),
    ("works now with role Writer-X", Remark.ANOTHER_WORKS, "Writer-X"),
    ("Kollege kann es mit Rolle Betrieb-Schreiben", Remark.ANOTHER_WORKS, "Betrieb-Schreiben"),
    ("works fine with the role data-writer", Remark.ANOTHER_WORKS, "data-writer"),
    ("With profile ops-rw it works", Remark.ANOTHER_WORKS, "ops-rw"),
    ("role etl_writer can do it", Remark.ANOTHER_WORKS, "etl_writer"),
    ("my colleague can do this with DataEngineer role", Remark.ANOTHER_WORKS, "DataEngineer"),
    ("mit der Rolle Ops2 klappt es", Remark.ANOTHER_WORKS, "Ops2"),
    ("with profile deploy-bot it succeeds", Remark.ANOTHER_WORKS, "deploy-bot"),
    ("It worked using arn:aws:iam::111122223333:role/team/publisher", Remark.ANOTHER_WORKS, "publisher"),
    ("the same call works under role app-owner", Remark.ANOTHER_WORKS, "app-owner"),
    ("user ci-push has no such problem", Remark.ANOTHER_WORKS, "ci-push"),
    ("Now and then, not always, the deployment dies", Remark.NOW_AND_THEN, ""),
    ("sometimes it fails", Remark.NOW_AND_THEN, ""),
    ("fails intermittently", Remark.NOW_AND_THEN, ""),
    ("1 out of 10 runs fails", Remark.NOW_AND_THEN, ""),
    ("the job fails randomly", Remark.NOW_AND_THEN, ""),
    ("about three times a day a connection fails", Remark.NOW_AND_THEN, ""),
    ("Manchmal klappt es", Remark.NOW_AND_THEN, ""),
    ("occasionally we get a 403", Remark.NOW_AND_THEN, ""),
    ("it only happens from time to time", Remark.NOW_AND_THEN, ""),
    ("it's flaky", Remark.NOW_AND_THEN, ""),
    ("it always fails", Remark.LASTS, ""),
    ("each build fails", Remark.LASTS, ""),
    ("Still the same.", Remark.LASTS, ""),
    ("it keeps failing, we get the error every time", Remark.LASTS, ""),
    ("waited 20 minutes, no change", Remark.LASTS, ""),
    ("it fails since last week", Remark.LASTS, ""),
    ("we have to wait until we restart the container", Remark.AFTER_RESTART, ""),
    ("after a restart it works for an hour", Remark.AFTER_RESTART, ""),
    ("restarting the pod helps", Remark.AFTER_RESTART, ""),
    ("a restart fixes it", Remark.AFTER_RESTART, ""),
    ("it fails until the service is restarted", Remark.AFTER_RESTART, ""),
    ("after each restart the queries run", Remark.AFTER_RESTART, ""),
    ("nach einem Neustart läuft alles", Remark.AFTER_RESTART, ""),
    ("after rebooting the box new connections are accepted", Remark.AFTER_RESTART, ""),
    ("only a redeploy clears it, until the redeploy nothing connects", Remark.AFTER_RESTART, ""),
    ("unless we bounce the app", Remark.AFTER_RESTART, ""),
    ("Same keys and same code work outside of the container", Remark.SAME_KEYS_WORK, ""),
    ("the same credentials work from my laptop", Remark.SAME_KEYS_WORK, ""),
    ("with the same keys it works on another host", Remark.SAME_KEYS_WORK, ""),
    ("on my laptop the same keys work", Remark.SAME_KEYS_WORK, ""),
    ("the same key pair works fine without the VPN", Remark.SAME_KEYS_WORK, ""),
    ("it works locally with the same keys", Remark.SAME_KEYS_WORK, ""),
    ("The same secret works in the old cluster", Remark.SAME_KEYS_WORK, ""),
    ("mit denselben Zugangsdaten geht es auf dem Laptop", Remark.SAME_KEYS_WORK, ""),
    ("the very same keys worked on the bastion", Remark.SAME_KEYS_WORK, ""),
    ("from the office the identical keys pass", Remark.SAME_KEYS_WORK, ""),
)
NOT_STATED = (
    "does it work now?",
    "if it works again I'll close",
    "it still doesn't work now",
    "it worked fine yesterday",
    "works again but the upload fails",
    "it should work again now",
    "hope it works now",
    "works now in staging",
    "this is not supposed to happen",
    "the role isn't supposed to be denied",
    "is this intended?",
    "we are not supposed to change the policy",
    "if that's by design, tell me",
    "It's not intended",
    "this should not fail",
    "it isn't supposed to need a policy",
    "it doesn't work with role data-writer",
    "does it work with role data-writer?",
    "it worked with role data-writer until yesterday",
    "it would work with role data-writer",
    "works with aws-cli",
    "it works with my admin role",
    "works in eu-west-1",
    "role data-writer can read the bucket",
    "does it fail sometimes?",
    "sometimes I use the console",
    "the job runs three times a day",
    "if it fails sometimes, retry",
    "it always works",
    "does it fail every time?",
    "wait a few minutes",
    "every build has its own role",
    "is it still the same?",
    "does a restart help?",
    "the same keys worked until yesterday on this host",
    "do the same keys work on your laptop?",
    "the same keys don't work on my laptop either",
    "we use the same keys in both places",
    "if the same keys work on the laptop, it is the proxy",
    "the same code works locally",
    "we restarted it twice",
    "the restart job is denied",
    "nightly restart at 02:00",
)


@pytest.mark.parametrize(("words", "remark", "name"), STATED)
def test_a_stated_remark(words: str, remark: Remark, name: str) -> None:
    (said,) = remarks(words)
    assert (said.remark, said.name) == (remark, name)


@pytest.mark.parametrize("words", NOT_STATED)
def test_what_is_asked_denied_supposed_or_about_something_else_is_no_remark(words: str) -> None:
    assert not remarks(words)


def test_an_identity_without_its_kind_is_one_that_the_text_names_elsewhere() -> None:
    assert not remarks("it works with data-writer")
    (said,) = remarks("it works with data-writer\nrole_arn = arn:aws:iam::111122223333:role/data-writer")
    assert said.name == "data-writer"


def test_what_is_told_of_an_old_failure_in_its_own_line_is_not_solved_now() -> None:
    assert not remarks("from the ticket of June (opened by Ida; solved by moving to the role):")
    assert remarks("igor attached the policy; works now")


def test_what_a_program_prints_is_no_remark() -> None:
    assert not remarks("2026-11-30T10:00:00Z INFO works now\nError: it fails sometimes\n> this is by design")


def test_a_chat_names_whom_to_ask_in_the_next_line() -> None:
    (said,) = remarks("10:00 <ana> interns are not meant to read that\n10:01 <ana> ask the data-desk")
    assert said.name == "data-desk"
