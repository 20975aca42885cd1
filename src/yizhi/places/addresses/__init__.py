"""Standard addresses: building, entrance (单元), room. Not personal: they say what stands where."""
