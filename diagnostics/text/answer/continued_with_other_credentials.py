"""Explain a failure to assume a role if the program continued with other credentials and succeeded."""

from __future__ import annotations

from diagnostics.claims.kinds import Sentence
from diagnostics.failure import Denial, Failure
from diagnostics.text.read.sequence.fallbacks import GOES_ON
from iam.lazy_pattern import regex

# The CDK's warning (https://github.com/aws/aws-cdk-cli, aws-auth/sdk-provider.ts).
_PROCEEDS = regex(r"but are for the right account\. Proceeding anyway")
_BOOTSTRAP = regex(r"\brole/(?P<names>cdk-[a-z0-9]{1,10}-)")


def went_on(failure: Failure) -> Sentence | None:
    """Return a sentence on a role that was not assumed before a success; None for other failures.

    AWS CDK Developer Guide, "Bootstrap your environment for use with the AWS CDK"
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html).
    """
    sequel = failure.sequel
    if not isinstance(failure, Denial) or sequel is None or not sequel.succeeded or sequel.now or sequel.otherwise:
        return None
    text = failure.pasted or failure.text
    if (failure.action or "").lower() != "sts:assumerole" or not (_PROCEEDS.search(text) or GOES_ON.search(text)):
        return None
    bootstrap = _BOOTSTRAP.search(failure.resource or "")
    roles = f"the {bootstrap['names']}* roles" if bootstrap else failure.resource or "the role"
    return Sentence(
        "Nothing has to change: the program could not assume the role, continued with other credentials, and "
        f"succeeded (“{sequel.succeeded.rstrip('.')}”). If the program should use the role, allow the caller "
        f"sts:AssumeRole on {roles}."
    )
