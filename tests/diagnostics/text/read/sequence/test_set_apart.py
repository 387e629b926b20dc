"""A failure that the text itself sets apart comes last: expected, over, quoted, or somebody else's."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial


def denied(role: str, operation: str, action: str, on: str) -> str:
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: "
        f"arn:aws:sts::418263950172:assumed-role/{role}/s is not authorized to perform: {action} on resource: {on} "
        f"because no identity-based policy allows the {action} action"
    )


TABLE = denied("etl", "GetTable", "glue:GetTable", "arn:aws:glue:eu-west-1:418263950172:table/orders/b")
UPLOAD = denied("etl", "PutObject", "s3:PutObject", "arn:aws:s3:::curlew/out/x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # quoted
        (f"From the troubleshooting page:\n  {TABLE}\n\nWhat we see:\n{UPLOAD}", "From the troubleshooting page"),
        (f'Amazon Q told me the message normally is "{TABLE}"\n\n{UPLOAD}', "Amazon Q told me the message normally is"),
        (f"chatgpt:\n```\n{TABLE}\n```\nadd the action.\n\nreal output:\n{UPLOAD}", "chatgpt"),
        (f"{UPLOAD}\n\nour assistant thinks it's this: {TABLE}", "our assistant thinks it's this"),
        # over
        (f"OPS-231 [DONE] {TABLE}\n\ntonight:\n{UPLOAD}", "OPS-231 [DONE]"),
        (f'Similar: PLAT-88 "{TABLE}" status: Closed\n\nnow:\n{UPLOAD}', "Similar: PLAT-88"),
        (f"this one is fixed already:\n{TABLE}\n\nand now\n{UPLOAD}", "this one is fixed already"),
        (f"{TABLE}\nthat was before Petra changed the policy.\n{UPLOAD}", "that was before Petra changed the policy"),
        (f"yesterday evening:\n$ aws glue get-table\n{TABLE}\n\ntoday:\n{UPLOAD}", "yesterday evening"),
        (f"first I had\n{TABLE}\nadded glue:GetTable to it, then\n{UPLOAD}", "added glue:GetTable to it, then"),
        (f"{TABLE}  <- from 28 Nov, fixed\n{UPLOAD}", "<- from 28 Nov, fixed"),
        (f"1) {TABLE} -> resolved\n2) {UPLOAD} -> open", "-> resolved"),
        (f"mia [10:02]: {TABLE}\nmia [10:05]: ok that's fixed, thx\nmia [10:31]: {UPLOAD}",
         "mia [10:05]: ok that's fixed, thx"),
        (f"[x] {TABLE}\n[ ] {UPLOAD}", "[x]"),
        (f"Before (v1):\n{TABLE}\nAfter (v2):\n{UPLOAD}", "Before (v1"),
        (f"gestern:\n{TABLE}\n\nheute:\n{UPLOAD}", "gestern"),
        (f"PS> older, from this morning:\n{TABLE}\n\nnow:\nPS> aws s3 cp x s3://curlew/out/\n{UPLOAD}",
         "PS> older, from this morning"),
        (f"---- yesterday 18:20\n{TABLE}\n---- new policy, today 08:05\n$ aws s3 cp x s3://curlew/\n\n{UPLOAD}",
         "yesterday 18:20"),
        (f"== before the change ==\n{TABLE}\n== after ==\n{UPLOAD}", "before the change"),
        (f"this one is older, from this morning:\n{TABLE}\nand this is what I get now:\n{UPLOAD}",
         "this one is older, from this morning"),
        (f"this is an earlier one:\n{TABLE}\nwhat we get:\n{UPLOAD}", "this is an earlier one"),
        (f"already sorted:\n{TABLE}\nopen:\n{UPLOAD}", "already sorted"),
        # expected
        (f"Step 1/3: {TABLE}\n  (known issue, ignored by the script)\nStep 3/3: {UPLOAD}",
         "known issue, ignored by the script"),
        (f"I made the classic one on purpose:\n{TABLE}\nbut production shows:\n{UPLOAD}",
         "I made the classic one on purpose"),
        (f"{TABLE}   <- expected, ignore\n{UPLOAD}", "<- expected, ignore"),
        (f"{TABLE}\n(this one is normal, it is always there)\n{UPLOAD}", "this one is normal, it is always there"),
        (f"known noise, every night: {TABLE}\n{UPLOAD}", "known noise, every night"),
        # somebody else's
        (f"Tom's output was\n  {TABLE}\nmine is\n  {UPLOAD}", "Tom's output was"),
        (f"just to compare, the old role:\n{TABLE}\nthe failing job:\n{UPLOAD}", "just to compare, the old role"),
    ],
)  # fmt: skip
def test_what_the_text_sets_apart_comes_last_with_its_words(text: str, said: str) -> None:
    first, last = read_text(text)
    assert isinstance(first, Denial)
    assert (first.action, first.sequel) == ("s3:PutObject", None)
    assert last.sequel is not None
    assert (last.sequel.aside, last.sequel.stated) == (said, True)


@pytest.mark.parametrize(
    "text",
    [
        f"it used to be expected but now this blocks us: {TABLE}\nlater also:\n{UPLOAD}",
        f"I expected this to work but:\n{TABLE}\n\nand the upload\n{UPLOAD}",
        f"is that expected? {TABLE}\n{UPLOAD}",
        f"this is not expected: {TABLE}\n{UPLOAD}",
        f"since yesterday:\n{TABLE}\n\nand now also\n{UPLOAD}",
        f"followed the docs, and got:\n{TABLE}\nand\n{UPLOAD}",
        f"our bot posts to the channel:\n{TABLE}\n{UPLOAD}",
        f"first error:\n{TABLE}\nsecond error:\n{UPLOAD}",
        f"first:\n{TABLE}\nthen:\n{UPLOAD}",
        f"manual run:\n{TABLE}\nnightly run:\n{UPLOAD}",
        f"in the docs bucket:\n{TABLE}\nin the other one:\n{UPLOAD}",
        f"the deploy bot said:\n{TABLE}\nand later\n{UPLOAD}",
        f"this is done by the nightly job:\n{TABLE}\nthis by hand:\n{UPLOAD}",
        f"call from another account:\n{TABLE}\ncall from ours:\n{UPLOAD}",
        f"{TABLE}\nwe thought that one was fixed\n{UPLOAD}",
        f"{TABLE}\nI added glue:GetTable to the role but it is still there, then\n{UPLOAD}",
        f"{TABLE}\nShould we attach the policy now?\n{UPLOAD}",
        f"Anna's error log:\n{TABLE}\n{UPLOAD}",
        f"DEBUG attempt 3: {TABLE}, giving up\nERROR {UPLOAD}",
        f"---- crawler\n{TABLE}\n---- loader\n{UPLOAD}",
        f"---- 18:20\n{TABLE}\n---- now\n{UPLOAD}",
        f"not already solved:\n{TABLE}\nand\n{UPLOAD}",
        f"this is an older role:\n{TABLE}\nthis another one:\n{UPLOAD}",
    ],
)
def test_other_words_set_nothing_apart(text: str) -> None:
    assert [(each.action, each.sequel) for each in read_text(text) if isinstance(each, Denial)] == [
        ("glue:GetTable", None),
        ("s3:PutObject", None),
    ]


@pytest.mark.parametrize("retried", ["DEBUG attempt 1 failed: {}, will retry", "[WARN] Retrying request, error: {}"])
def test_a_try_after_which_another_call_failed_comes_last(retried: str) -> None:
    first, last = read_text(f"{retried.format(TABLE)}\n[INFO] done\n[ERROR] {UPLOAD}")
    assert first.sequel is None
    assert last.sequel is not None
    assert last.sequel.beside


def test_a_failure_of_an_earlier_time_may_not_be_over() -> None:
    expired = "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired."
    first, last = read_text(f"---- yesterday\n{TABLE}\n---- today\n$ aws s3 cp x s3://curlew/\n{expired}")
    assert not isinstance(first, Denial)
    assert last.sequel is not None
    assert last.sequel.earlier
    assert "only a new try shows whether the call still fails" in collect_offline(last).verdict.summary
