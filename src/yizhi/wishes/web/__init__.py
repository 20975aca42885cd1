"""Pages: wishes, conversations, guidance."""
