"""The program around the screens: command line, start-up, application, keys, themes, configuration."""

import gc

__version__ = "0.3.0"

# Collect garbage rarely, beginning before the first large import: modules and accounts consist of many objects that
# stay alive, and each collection would examine them again. There is little garbage.
gc.set_threshold(50_000, 20, 100)
