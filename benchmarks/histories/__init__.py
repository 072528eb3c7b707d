"""How long it takes to read a recording, and how much memory."""
