"""``rolescope schema NAME``: print the JSON Schema of an output."""

from __future__ import annotations

import argparse
import json

from tui.exit_status import ANSWERED, UsageError
from tui.json_schemas import OUTPUTS, schema


def run(options: argparse.Namespace) -> int:
    if options.output is None:
        width = max(map(len, OUTPUTS))
        print("\n".join(f"{name:<{width}}  {title}" for name, (title, _) in OUTPUTS.items()))
        return ANSWERED
    if options.output not in OUTPUTS:
        raise UsageError(f"There is no schema {options.output}. Choose one of {', '.join(OUTPUTS)}.")
    print(json.dumps(schema(options.output), indent=2))
    return ANSWERED
