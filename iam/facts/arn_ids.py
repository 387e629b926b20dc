"""Parts of an ARN that are IDs of a known form. A name in their place matches nothing.

Amazon MSK Developer Guide, "Authorization policy resources": the ARN of a topic, group or transactional ID contains the
cluster's name and UUID (https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html#msk-iam-resources).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_BEGINNINGS = {"${ClusterUuid}": regex(r"[0-9a-f]{0,8}|[0-9a-f]{8}-[0-9a-fs-]*")}
"""The beginning of the ID, as a pattern, for each variable of ARN templates."""


def has_a_name_for_an_id(template: str, written: str) -> bool:
    """Whether ``written`` has a word that is no ID where the template has an ID.

    For example, ``topic/core/payments.*`` has a topic's name where the cluster's UUID belongs. False for a part without
    a wildcard, and if a wildcard further left leaves the place of the ID open.
    """
    shape, parts = (each.split(":", 5)[-1].split("/") for each in (template, written))
    for wanted, part in zip(shape, parts, strict=False):
        literal = re.split(r"[*?$]", part, maxsplit=1)[0]
        if literal == part:
            continue
        form = _BEGINNINGS.get(wanted)
        return form is not None and form.fullmatch(literal.lower()) is None
    return False
