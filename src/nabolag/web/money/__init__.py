"""Money: what areas cost, how it is shared, and what comes."""
