"""How fast dscheck is; README.md says how to run this and how to read what comes out."""
