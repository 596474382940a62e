"""Services and money around the people of a synthetic municipality."""
