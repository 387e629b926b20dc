"""Every kind of secret of the table, planted wherever the program writes: nothing of it is left."""

from __future__ import annotations

import json
import logging

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.masking.examples import SECRET_EXAMPLES, SecretExample
from diagnostics.masking.masks import Masks
from diagnostics.report import to_json, to_markdown, to_text
from diagnostics.text.tokens.find import taken_out
from tests.support.texts.masked import example as example
from tests.support.texts.masked import leaks
from tui.secrets import WithoutSecrets

DENIAL = (
    "An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:iam::111122223333:user/ben "
    "is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::harbor-assets/x because no identity-based "
    "policy allows the s3:PutObject action"
)


def test_there_are_a_hundred_kinds_each_once() -> None:
    names = [example.kind for example in SECRET_EXAMPLES]
    assert len(names) >= 100 and len(set(names)) == len(names)
    assert all(example.secrets and leaks(example, example.text) for example in SECRET_EXAMPLES)


def test_the_log_has_nothing_of_it(example: SecretExample) -> None:
    record = logging.LogRecord("rolescope", logging.ERROR, "", 0, "failed with %s", (example.text,), None)
    assert not leaks(example, WithoutSecrets().format(record))


def test_masked_output_has_nothing_of_it(example: SecretExample) -> None:
    assert not leaks(example, Masks().text(f"{DENIAL}\n{example.text}\n"))
    document = json.dumps({"text": f"{DENIAL}\n{example.text}", "line": [example.text]}, indent=2)
    assert not leaks(example, Masks().document(document))


def test_what_is_kept_of_a_paste_has_nothing_of_it(example: SecretExample) -> None:
    kept = taken_out(example.text)
    assert not leaks(example, kept)
    assert taken_out(kept) == kept


def test_no_form_of_a_diagnosis_has_anything_of_it(example: SecretExample) -> None:
    for text in (f"{DENIAL}\n{example.text}\n", f"{example.text}\n{DENIAL}"):
        for failure in read_text(text):
            found = collect_offline(failure)
            written = (repr(failure), repr(found), to_text(found), to_markdown(found), json.dumps(to_json(found)))
            assert not any(leaks(example, each) for each in written)
