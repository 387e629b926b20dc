"""Advice on a denial that names neither an action nor an operation."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.denial.cut_off import cut_before_the_action
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, lacks, reading, written_values
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing


def nothing_stated(signs: Signs) -> Iterator[FirstLook]:
    """Yield advice on a denial that names neither an action nor an operation, if it is cut off or has a policy."""
    who = signs.denial.principal
    if signs.denial.action or signs.denial.operation or signs.denial.claims_trust or signs.denial.encoded_message:
        return
    if cut_before_the_action(signs.denial):
        session = (who or "").rpartition("/")[2]
        yield FirstLook(
            "The program's own log or debug output has the full message. CloudTrail's event history has the "
            f"caller's failed management calls, each with its message.{_OF_DATA if signs.says(_OBJECTS) else ''}",
            lacks("no call was recognized in the text", TextPart.OPERATION),
            reading(
                "cloudtrail",
                "lookup-events",
                ("lookup-attributes", f"AttributeKey=Username,AttributeValue={session}" if session else None),
            ),
            Who.YOU,
        )
        return
    if only := _allowed_alone(signs.denial.text):
        if _NO_LISTING.match(" ".join(only)) and signs.says(_OF_S3):
            # Amazon S3 API Reference, "GetObject": without s3:ListBucket, S3 answers 403 for a missing object
            # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
            yield FirstLook(
                f"The policy in the text has {listing(only)}, but not s3:ListBucket: most likely this action is "
                "missing, on the bucket itself (without /*). Programs list a prefix, and without s3:ListBucket S3 "
                "answers 403 for an object that does not exist yet.",
                contains(only[0]),
                WHO_AM_I,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
            return
        yield FirstLook(
            f"The policy in the text has {listing(only)} alone. If the caller has no other policy, the refused call "
            "needs another action, or is for another resource. The program's debug output (aws --debug, TF_LOG=debug) "
            "shows the call, and so does CloudTrail's event history.",
            contains(only[0]),
            WHO_AM_I,
            Who.YOU,
        )
        return


_NO_LISTING = regex(r"(?!.*\bs3:List)(?=.*\bs3:GetObject\b)(?:s3:\w+ ?)+\Z")
_OF_S3 = r"\(Service: (?:Amazon )?S3\b|AmazonS3Exception|\bS3Exception\b|\bs3(?:a|n)?://"


_OBJECTS = r"\bs3\b|\bobjects?\b|\bbucket"


_OF_DATA = " Reads and writes of S3 objects appear only in a trail or event data store that records data events."


def _allowed_alone(text: str) -> list[str]:
    """The actions of the text's only policy; empty if the policy has a wildcard, a Deny, or more than a few actions."""
    if len(_ACTION_ELEMENT.findall(text)) != 1 or _MORE_THAN_AN_ALLOW.search(text):
        return []
    actions = list(dict.fromkeys(written_values(text, "Action")))
    exact = all(":" in each and "*" not in each for each in actions)
    return actions if exact and len(actions) <= _FEW_ACTIONS else []


_ACTION_ELEMENT = regex(r"\bAction[\"']?\s*[:=]")


_MORE_THAN_AN_ALLOW = regex(r"\bDeny\b|\bNotAction\b|\bPrincipal[\"']?\s*[:=]")


_FEW_ACTIONS = 4
