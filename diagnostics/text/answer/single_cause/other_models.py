"""Models of Amazon Bedrock that are called, and that the policy or the settings in the text do not name."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.answer.other_model import other_model
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing


def of_another_model(denial: Denial) -> Decision | None:
    """Return the decision that the program asked for a model that the text does not set; else None.

    `diagnostics.text.answer.other_model` has the page. A text without any policy is answered by the usual verdict.
    """
    if not (said := other_model(denial)) or not (denial.stated_reason or "").startswith("implicit:"):
        return None
    decision = decide(
        f"{(denial.stated_reason or '').partition(':')[2]}.no-action",
        "the requested model is not the one that the text sets",
        said,
        "Set the program's other model, or allow it",
        Who.CALLER,
        "the program's settings",
        f"Set the model that the program uses for small or background tasks to one that is allowed. If it is meant, "
        f"allow {denial.action} on {denial.resource} and on its foundation model in each Region of the profile.",
    )
    return replace(decision, nearer=True)


_PROFILE = regex(
    r"(?<![\w./-])(?P<id>(?:global|us|eu|apac|jp|au|ca|us-gov)\.(?P<model>[a-z0-9]+\.[a-z][\w.-]*\d(?::\d)?))(?![\w.*-])"
)
_IN_A_POLICY = regex(
    r"(?<=[\"'\s])arn:[\w-]+:bedrock:[\w*-]*:[\d*]*:(?P<kind>foundation-model|(?:application-)?inference-profile)/(?P<name>[\w.:*?-]+)"
)
_OF_BEDROCK = regex(r"\bInvokeAgent\b|\bInvokeModel\w*|\bConverse\w*|\bRetrieveAndGenerate\b")
_ANY = regex(r"[\"']?Resource[\"']?\s*[:=]\s*\[?\s*[\"']\*[\"']")


def of_a_profile_that_no_policy_names(denial: Denial) -> Decision | None:
    """Return the decision that the text's policy names models, and the call uses an inference profile; else None.

    Only if the refusal names no resource. Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    text = denial.pasted or denial.text
    if denial.resource or denial.stated_reason or not _OF_BEDROCK.search(denial.operation or "") or _ANY.search(text):
        return None
    profiles = {each["id"]: each["model"] for each in _PROFILE.finditer(text)}
    named = [(each["kind"], each["name"]) for each in _IN_A_POLICY.finditer(text)]
    if len(profiles) != 1 or not named or any(kind != "foundation-model" for kind, _ in named):
        return None
    ((profile, model),) = profiles.items()
    whose = "the agent's service role" if denial.operation == "InvokeAgent" else "the caller"
    others = [] if any(fnmatchcase(model, name) for _, name in named) else [name for _, name in named]
    only = f"another model ({listing(others, limit=2)})" if others else "foundation models"
    decision = decide(
        "identity.resource-mismatch",
        f"the call uses the inference profile {profile}, and the policy names no inference profile",
        f"The call uses the inference profile {profile}, but the policy in the text names only "
        f"{only}: {whose} needs bedrock:InvokeModel on the profile, and on {model} in each of its Regions.",
        f"Allow the profile {profile} and its model",
        Who.ACCOUNT_ADMIN,
        f"the policy of {whose}",
        "Add to the Resource of the statement arn:aws:bedrock:REGION:ACCOUNT:inference-profile/"
        f"{profile} and arn:aws:bedrock:*::foundation-model/{model}, and the action bedrock:GetInferenceProfile on the "
        "profile (to stream, bedrock:InvokeModelWithResponseStream).",
    )
    return replace(decision, nearer=True)
