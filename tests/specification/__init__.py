"""AWS's rules of evaluation as an executable specification, and the comparison of the engine with it."""
