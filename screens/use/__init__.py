"""Using a role: the ways in, judged, tried and entered."""
