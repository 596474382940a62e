"""Municipal accounts and budgets: lines as delivered, and what they come to for each inhabitant."""
