"""Causes for refusals by the fine-grained access control of an OpenSearch domain.

re:Post, "How do I troubleshoot fine-grained access control issues in my OpenSearch Service cluster?"
(https://repost.aws/knowledge-center/opensearch-fgac-errors).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.known_messages.not_refusals.opensearch import OPENSEARCH_PROVIDER
from diagnostics.who import Who
from iam.lazy_pattern import regex

_REFUSED = regex(
    r"no permissions for \[(?P<what>[\w:/*, -]+)\] and User \[name=(?P<user>[^,\]]{1,200})"
    r"(?:, backend_roles=\[(?P<roles>[^\]]{0,400})\])?"
)
# OpenSearch Service Developer Guide, "Registering a manual snapshot repository"
# (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-registerdirectory.html).
_SNAPSHOTS = regex(r"\b_snapshot/[\w.-]+")
_REPOSITORY = regex(
    r"\b(?:opensearch|elasticsearch)_snapshot_repository\.[\w.-]+|\b(?:opensearch|elasticsearch)_snapshot_repository\b"
)
_UNSIGNED = regex(r"\bsign_aws_requests[\"']?\s*[:=]\s*[\"']?false\b|\busername[\"']?\s*[:=]")
_INDEX = regex(
    r"\besIndexName\W{1,6}(?P<firehose>[a-z][\w.-]{0,100})|\bindex(?:Name)?\W{1,5}(?P<named>[a-z][\w.-]*[-_.][\w.-]+)"
    r"|/(?P<path>[a-z][\w.-]{0,100})/_(?:bulk|doc|search|create|update|mapping)\b"
)
_BULK = "indices:data/write/bulk"
_OF_THE_CLUSTER = (
    *(_BULK, "indices:data/write/reindex", "indices:data/read/m", "indices:data/read/scroll"),
    *("indices:admin/template/", "indices:admin/index_template/"),
)
"""Permissions that a role has for the cluster, because they are for entire requests or for templates of any index.

OpenSearch, "Default action groups": cluster_composite_ops, cluster_manage_index_templates
(https://docs.opensearch.org/3.0/security/access-control/default-action-groups).
"""


def of_a_repository(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what registering a snapshot repository needs beyond the security role, if a provider is refused."""
    if failure.detail != OPENSEARCH_PROVIDER or not (found := _REPOSITORY.search(failure.text)):
        return
    unsigned = _UNSIGNED.search(failure.text)
    first = (
        f"The provider does not sign its requests ({' '.join(unsigned[0].split())}), but a snapshot repository can be "
        "registered only with a request that is signed as an IAM identity: set sign_aws_requests = true and that "
        "identity, in a provider block of its own. "
        if unsigned is not None
        else "Check whether the provider signs with the identity that works elsewhere. "
    )
    yield FirstLook(
        f"{first}The identity needs iam:PassRole on the snapshot role (role_arn) and es:ESHttpPut, and must be mapped "
        "to the security role manage_snapshots.",
        contains(found[0]),
        "aws sts get-caller-identity",
        Who.CALLER,
    )


def unmapped(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield which backend role or user to map, and to what, if the domain's message names them."""
    found = _REFUSED.search(failure.text) if failure.detail == "OpenSearch" else None
    if found is None:
        if failure.detail == "OpenSearch" and (repository := _SNAPSHOTS.search(failure.text)):
            yield FirstLook(
                "Map whoever registers the snapshot repository, and the snapshot role (role_arn), to the security role "
                "manage_snapshots: OpenSearch Dashboards, Security, Roles, manage_snapshots, Mapped users (backend "
                "roles for ARNs). In IAM the caller also needs iam:PassRole on the snapshot role and es:ESHttpPut.",
                contains(repository[0]),
                None,
                Who.RESOURCE_OWNER,
            )
        return
    roles = [each.strip() for each in (found["roles"] or "").split(",") if each.strip()]
    backend = next((each for each in roles if each.startswith("arn:")), "") or (
        found["user"] if found["user"].startswith("arn:") else roles[0] if roles else ""
    )
    whom = f"the backend role {backend}" if backend else f"the user {found['user']}"
    index = _INDEX.search(failure.text)
    on = f" on the index {next(filter(None, index.groups()))} (or a pattern that matches it)" if index else ""
    of_cluster = found["what"].startswith(("cluster:", *_OF_THE_CLUSTER))
    where = "as a cluster permission" if of_cluster else f"as an index permission{on}"
    if found["what"] == _BULK:
        where += f" (cluster_composite_ops contains it), and the write permissions it needs{on or ' on the index'}"
    yield FirstLook(
        f"Map {whom} to a security role that has {found['what']} {where}: OpenSearch Dashboards, Security, Roles, "
        "Mapped users; or the security API (_plugins/_security/api/rolesmapping). If this identity is already mapped, "
        "that role lacks the permission. IAM and the domain's access policy allowed the call, so es:* actions do not "
        "help. all_access would be more than is needed.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.RESOURCE_OWNER,
    )
