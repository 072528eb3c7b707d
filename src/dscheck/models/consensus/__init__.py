"""Agreement on a value, or on a log of values, among servers that crash and messages that are lost."""
