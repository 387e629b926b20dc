"""Messages of Flux about images in Amazon ECR."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_FLUX = r"(?:toolkit\.fluxcd\.io|\bHelmRepository\b|\bOCIRepository\b|\bsource-controller\b)"
_NO_LOGIN = (
    r"\.dkr[.-]ecr[^\x1e]{0,400}?(?:status code 401|401 Unauthorized|credential required for basic auth|no basic auth)"
)

FLUX: tuple[ServiceSentence, ...] = (
    # Flux, "Helm Repositories" and "OCI Repositories", provider
    # (https://fluxcd.io/flux/components/source/ocirepositories/#provider).
    row(
        ("status code 401", "401 unauthorized", "basic auth"),
        rf"{_FLUX}[^\x1e]{{0,2000}}?{_NO_LOGIN}|{_NO_LOGIN}(?=[^\x1e]{{0,2000}}?{_FLUX})",
        "nobody: Flux sent ECR no login",
        "ECR got no login from Flux",
        "ECR got no login from Flux (401): no permission was checked. Flux asks ECR for a token only if spec.provider "
        "of the source is aws.",
        UsualCause("Set provider: aws in the {kind}, beside url. The controller's role, or the node's, needs "
                   "ecr:GetAuthorizationToken on *, and ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and "
                   "ecr:ListImages on the repositories.", None,
                   Who.CALLER,
                   shown_by=r"\A(?![\s\S]*\bprovider:\s*[\"']?aws\b)[\s\S]*?\bkind:\s*[\"']?"
                   r"(?P<kind>HelmRepository|OCIRepository|ImageRepository)\b",
                   decides="Most likely Flux sent ECR no login, because the {kind} in the text has no provider: aws: "
                   "without it, the role of the controller is not used. No permission was checked."),
        UsualCause("Set spec.provider: aws on the HelmRepository or OCIRepository. If it is set, look in the "
                   "controller's log for the error of its own token request, and check that the registry is a private "
                   "one of ECR "
                   "(public.ecr.aws takes no provider).", None, Who.CALLER),
        page="https://fluxcd.io/flux/components/source/ocirepositories/",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
