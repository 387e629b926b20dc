"""How the closest statement names the action: by a word that is not an action, or not at all."""

from __future__ import annotations

from diagnostics.access_denied.near_misses import misspelled_action, named_operation, no_actions
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.fix import Fix, Note
from iam.api_operations import actions_behind
from iam.lazy_pattern import regex
from iam.policy.decision import Fault, NearMiss
from iam.service_reference import spelled
from iam.words import listing


def correct_the_action(statement: FaultyStatement) -> Fix | None:
    """The statement fits, except that it names an operation or a misspelled word instead of the action."""
    near, action = statement.near, statement.action
    if statement.fault != Fault.NO_ACTION.value or not statement.fits:
        return None
    if not (operation := named_operation(near) or misspelled_action(near)):
        return None
    idle = list(dict.fromkeys((operation, *no_actions(near))))
    allow = "allows" if len(idle) == 1 else "allow"
    behind = (actions_behind(name) for name in idle)
    others = (each[0] for each in behind if each and spelled(action) not in each)
    meant = list(dict.fromkeys((spelled(action), *others)))
    text = (
        f"{listing(idle)} {allow} nothing. Leave the statement's other elements "
        f"unchanged.{_for_missing_keys(near, action)}"
    )
    return Fix(f"Write {listing(meant)} in {statement.which}", statement.owner, Note(statement.place, text))


def let_the_trust_policy_allow_it(statement: FaultyStatement) -> Fix | None:
    """The trust policy names the caller, but not the action."""
    if statement.fault != Fault.NO_ACTION.value or statement.word != "trust":
        return None
    text = f"Add {spelled(statement.action)} to its Action."
    title = f"Let {statement.which} allow {spelled(statement.action)}"
    return Fix(title, statement.owner, Note(statement.place, text))


def _for_missing_keys(near: NearMiss, action: str) -> str:
    """Return what else a call that reads an object needs if the statement names one bucket's objects; else "".

    Amazon S3 API Reference, "HeadObject": without s3:ListBucket, S3 answers a request for a missing key with 403 and
    not with 404 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    written = statement.get("Resource")
    bucket = _BUCKET.match(written if isinstance(written, str) else (written or [""])[0])
    if action.lower() != "s3:getobject" or bucket is None:
        return ""
    return (
        f" Add s3:ListBucket on {bucket[0]} in a separate statement: without this permission, S3 answers 403 instead "
        "of 404 for a missing key."
    )


_BUCKET = regex(r"arn:[\w-]+:s3:::[\w.-]+(?=/)")
