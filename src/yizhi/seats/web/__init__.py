"""The seats: the field in a hand, the desk all day."""
