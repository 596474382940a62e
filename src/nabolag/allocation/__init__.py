"""How money is shared: criteria models as data, exact to the krone, and what they lead to."""
