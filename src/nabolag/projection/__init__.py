"""What comes: population by area, age and sex, and what it asks of services."""
