"""Causes in a program's own settings, for a failure that no policy decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.read.resources.set_regions import set_regions
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import similar_region

_NOT_REACHED = regex(
    r"\bdispatch failure\b|\btime[ds]?[- ]?out\b|no such host|(?:could not|failed to|unable to) (?:connect|resolve)"
    r"|connection (?:error|failed|refused)|\bunreachable\b|health[- ]?check[\w.: ]{0,12} failed"
    r"|(?:invalid|unknown|unsupported) region|name or service not known",
    re.IGNORECASE,
)


def unknown_region(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield a Region in the program's settings that is not known, if the name of one that is known is similar.

    AWS SDKs and Tools Reference Guide, "AWS Region": an SDK builds the host name from the setting
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := _NOT_REACHED.search(failure.text)):
        return
    for each in set_regions(failure.text):
        if (near := similar_region(each.region)) is not None:
            yield FirstLook(
                f"No Region {each.region} is known here: most likely {near} is meant. SDKs build the host's name "
                "from the Region, so correct the setting first. AWS was not reached, and no permission was checked.",
                contains(said[0], each.region),
                "aws account list-regions --query 'Regions[].[RegionName,RegionOptStatus]'",
                Who.CALLER,
                decides=True,
            )
            return


_NOT_DECRYPTED = regex(r"SOPS encrypted, configuring decryption is required")


def flux_without_decryption(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the setting that a Flux Kustomization lacks if it is to apply an encrypted Secret.

    Flux, "Kustomization", "Decryption" (https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption).
    """
    if failure.trouble is Trouble.UNRECOGNIZED and (said := _NOT_DECRYPTED.search(failure.text)):
        yield FirstLook(
            "The Flux Kustomization that applies this Secret has no spec.decryption: add provider: sops to it. Flux "
            "decrypts nothing before that, so neither the role nor the KMS key is at fault yet. Each Kustomization "
            "needs its own setting; with AWS KMS it needs no secretRef.",
            contains(said[0]),
            "kubectl get kustomizations.kustomize.toolkit.fluxcd.io -A -o "
            "custom-columns=NAME:.metadata.name,DECRYPTION:.spec.decryption.provider",
            Who.CALLER,
            decides=True,
        )
