"""A user in; what the pages of people, topics, themes and follow-ups read, out: one module for each."""
