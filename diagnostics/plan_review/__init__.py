"""Review a change before it is merged: how a plan, template, assembly or preview would change access."""
