"""Compare the reusable workflow that a trust policy accepts with the one that the text calls.

GitHub Docs, "Using OpenID Connect with reusable workflows": job_workflow_ref has the called workflow's path and ref
(https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-with-reusable-workflows).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_ACCEPTED = regex(r":job_workflow_ref[\"']?\s*[:=]\s*\[?\s*[\"'](?P<ref>[\w.-]+/[^\s\"']+)[\"']")
_CALLED = regex(
    r"\buses:?[ \t]+[\"'`]?(?P<path>[\w.-]+/[\w.-]+/\.github/workflows/[\w./-]+\.ya?ml)@(?P<ref>[\w./-]*\w)(?![\w/])"
)


def other_workflow(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy accepts a ref or path other than that of the workflow in the text."""
    text = signs.denial.pasted or signs.denial.text
    accepted = list(dict.fromkeys(each["ref"] for each in _ACCEPTED.finditer(text)))
    called = list(dict.fromkeys((each["path"], each["ref"]) for each in _CALLED.finditer(text)))
    if len(accepted) != 1 or len(called) != 1:
        return
    ((path, ref),) = called
    claims = [f"{path}@{before}{ref}" for before in ("", "refs/heads/", "refs/tags/")]
    if any(compile_glob(accepted[0])(each) for each in claims):
        return
    yield FirstLook(
        f"The trust policy accepts the reusable workflow {accepted[0]}, but the text calls {path}@{ref}: the token's "
        f"job_workflow_ref then ends with @refs/tags/{ref} or @refs/heads/{ref}. Accept that value, or call the "
        f"workflow at "
        "the accepted ref.",
        contains(f"{path}@{ref}"[-90:]),
        signs.trust_read,
        Who.RESOURCE_OWNER,
    )
