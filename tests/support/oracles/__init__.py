"""What tells whether an answer is right: another engine, a solver, the answer against itself."""
