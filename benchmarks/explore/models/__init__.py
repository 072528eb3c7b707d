"""Our side of the contests, where the catalogue has no model of the same size as the peers'."""
