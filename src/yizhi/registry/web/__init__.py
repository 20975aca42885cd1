"""The pages of the base records."""
