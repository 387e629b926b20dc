"""What others know of a denial: AWS's record, CloudTrail, the simulator, other roles."""
