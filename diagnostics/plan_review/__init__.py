"""Review of a change before it is merged: what a plan, a template, an assembly or a preview does to access."""
