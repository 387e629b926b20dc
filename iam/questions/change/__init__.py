"""What a change to policies newly allows and denies, for one principal and for all that it affects."""
