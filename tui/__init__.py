"""The program around the screens: command line, start-up, application, keys, themes, configuration."""

import gc

__version__ = "0.3.0"

# How seldom garbage is looked for, by generation, from before the first large import: modules and accounts are much
# that stays, and are looked through again and again; there is little garbage.
gc.set_threshold(50_000, 20, 100)
