"""Review of a change before it is merged: the effects of a plan, template, assembly or preview on access."""
