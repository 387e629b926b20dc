"""The parts common to all main screens: header, movement between panes, and the reason why a key does not work."""
