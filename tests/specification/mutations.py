"""Faults put into a copy of the engine, one at a time: the comparison with the specification must find each.

    python -m tests.specification.mutations [REQUESTS [SEED]]

Prints the number of random requests after which each fault was found. Exit status 1 when one was not.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Mutation(NamedTuple):
    """A part of a module of ``iam/policy`` that is replaced."""

    module: str
    old: str
    new: str


_OF = {
    "operators": [
        ("return had < wanted", "return had <= wanted"),
        ("return had <= wanted", "return had < wanted"),
        ("return had > wanted", "return had >= wanted"),
        ("return had >= wanted", "return had > wanted"),
        ("return had == wanted", "return had != wanted"),
        ("return frozenset(texts).__contains__", "return frozenset(texts[:1]).__contains__"),
        ("frozenset(text.lower() for text in texts)", "frozenset(texts)"),
        ("None if given is None else given in within", "None if given is None else given not in within"),
        ("return given == lowered if given in", "return given != lowered if given in"),
        ("else given == octets", "else given != octets"),
        ("(self.if_exists or self.negated)", "self.negated"),
        ("(self.if_exists or self.negated)", "self.if_exists"),
        ('self.over == "all" or (self.over', 'self.over is not None or (self.over'),
        ("(form, True) for form in FORMS", "(form, False) for form in FORMS"),
        ('if_exists = name.endswith("ifexists")', "if_exists = False"),
        ('(("forallvalues:", "all"), ("foranyvalue:", "any"))', '(("forallvalues:", "any"), ("foranyvalue:", "all"))'),
        ('_ordered(instant, _equal), ("to be"', '_ordered(number, _equal), ("to be"'),
    ],
    "conditions": [
        ("any(text.lower() == null for", "any(text.lower() != null for"),
        ("return len(had) == 1 and test(had[0]) is wanted", "return len(had) == 1 and test(had[0]) is not wanted"),
        ("return all(test(value) is wanted", "return any(test(value) is wanted"),
        ("return any(test(value) is wanted", "return all(test(value) is wanted"),
        ('return parts.over == "all"', 'return parts.over == "any"'),
        ("wanted = not parts.negated", "wanted = True"),
        ('return not had or had == ("",)', "return not had"),
        ("if variables_live and parts.variables and", "if parts.variables and"),
    ],
    "compiled": [
        ("ActionElement(not_action or (), True)", "ActionElement(not_action or (), False)"),
        ("ResourceElement(statement.not_resource, True,", "ResourceElement(statement.not_resource, False,"),
        ('document.version == "2012-10-17"', "True"),
        ("if not condition.holds(lookup):", "if condition.holds(lookup):"),
        ("if self.deny and has_boundary:", "if has_boundary and not self.deny:"),
        ("Named.NOT if element.spares", "Named.EVERYONE if element.spares"),
        ("PRINCIPAL_TYPES.get(who.kind)", "None"),
        ("who.name if who.kind is Kind.USER", "who.name if who.kind is Kind.ROLE"),
        ("                patterns = every\n", "                pass\n"),
        ("self.if_completed.names(asked, deny) is not", "False and self.if_completed.names(asked, deny) is not"),
        ("            return self.deny\n", "            return not self.deny\n"),
        ("and self._meets(asked)\n", "and not self._meets(asked)\n"),
    ],
    "match": [
        ("    lowered = pattern.lower()\n    if lowered and", "    lowered = pattern\n    if lowered and"),
        ('":".join(parts[:_RESOURCE_PART]).lower()', '":".join(parts[:_RESOURCE_PART])'),
        ('many: str = ".*"', 'many: str = ".+"'),
        ('replace(r"\\?", one)', 'replace(r"\\?", many)'),
        ("(matches(text) or reaches(text))", "matches(text)"),
        ("stem = folded(pattern[:wildcard])", "stem = pattern[:wildcard]"),
        ("shortest and text.startswith(start) and", "shortest and"),
        ('pattern + ":*" *', 'pattern + ":" *'),
        ("and all(glob(part)", "and any(glob(part)"),
    ],
    "variables": [
        ("unknown if value is None else shielded(value)", "unknown if value is None else value"),
        ("len(values) == 1 else default", "len(values) == 1 else None"),
        ("parts.append(shielded(inner))", "parts.append(inner)"),
    ],
    "principal": [
        ("            best = Named.ACCOUNT\n", "            best = Named.EVERYONE\n"),
        ("return Named.ROLE if who.kind is Kind.ROLE else Named.DIRECTLY", "return Named.DIRECTLY"),
        ('known is None or ":role/" not in known[0] or known[0] in self._exact', "True"),
        ("named > Named.ACCOUNT or (named", "named >= Named.ACCOUNT or (named"),
    ],
    "evaluate": [
        ("everywhere = everywhere and", "everywhere = everywhere or"),
        ("if layers.get(Layer.SCP) is LayerResult.IMPLICIT_DENY", "if False"),
        ("if layers.get(Layer.VPC_ENDPOINT) is LayerResult.IMPLICIT_DENY", "if False"),
        ("policies.vpc_endpoint_type is not EndpointType.GATEWAY", "True"),
        ("if named is Named.ROLE:", "if False:"),
        ("for layer in (Layer.BOUNDARY, Layer.SESSION):", "for layer in (Layer.BOUNDARY,):"),
        ("for layer in (Layer.BOUNDARY, Layer.SESSION):", "for layer in (Layer.SESSION,):"),
        ("matched[Layer.SESSION] = Matched()", "pass"),
        ("and own and not who.service_linked", "and own"),
        ("return self.is_trust or self.is_key", "return self.is_trust"),
        ("return self.is_trust or self.is_key", "return self.is_key"),
        ("elif found.named > Named.ACCOUNT or (found", "elif found.named >= Named.ACCOUNT or (found"),
        ("if by_resource or (Layer.RESOURCE not", "if True or (Layer.RESOURCE not"),
        ("Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)\n", "Layer.IDENTITY, Layer.SESSION)\n"),
        ("if policies.rcps is not None and", "if policies.rcps is None and"),
    ],
    "reserved": [
        ('return action.partition(":")[0] in rcp_services()', "return True"),
        ("frozenset({Kind.ROOT, Kind.FEDERATED_USER})", "frozenset({Kind.ROOT})"),
    ],
    "unknown_keys": [
        ("if self.decision(KeyReading.PESSIMISTIC).allowed else Certainty.IF", "if True else Certainty.IF"),
        ("PESSIMISTIC = (False, True)", "PESSIMISTIC = (False, False)"),
    ],
    "values": [('offset if text[0] == "+" else -offset', "-offset")],
}  # fmt: skip
MUTATIONS = [Mutation(module, old, new) for module, pairs in _OF.items() for old, new in pairs]


def found_after(scratch: Path, mutation: Mutation, requests: int, seed: int) -> int | None:
    """The number of requests after which the comparison finds the fault; None when it does not."""
    file = scratch / "iam" / "policy" / f"{mutation.module}.py"
    good = file.read_text("utf-8")
    if good.count(mutation.old) != 1:
        raise ValueError(f"{mutation.module}.py has {mutation.old!r} {good.count(mutation.old)} times, not once")
    file.write_text(good.replace(mutation.old, mutation.new), "utf-8")
    try:
        command = [sys.executable, "-B", "-m", "tests.specification.compare", str(requests), str(seed), "first"]
        said = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    finally:
        file.write_text(good, "utf-8")
    after = re.search(r"after (\d+) requests", said.stdout)
    if after is not None:
        return int(after[1])
    return 0 if said.returncode and "Traceback" in said.stderr else None


def main(arguments: list[str]) -> int:
    requests = int(arguments[0]) if arguments else 20_000
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        shutil.copytree(ROOT / "iam", scratch / "iam", ignore=shutil.ignore_patterns("__pycache__"))
        (scratch / "tests").symlink_to(ROOT / "tests")
        for mutation in MUTATIONS:
            after = found_after(scratch, mutation, requests, seed)
            missed += after is None
            print(f"{'MISSED' if after is None else after:>6}  {mutation.module}: {mutation.new!r}", flush=True)
    print(f"{len(MUTATIONS) - missed} of {len(MUTATIONS)} faults found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
