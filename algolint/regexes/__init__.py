"""Regular expressions, parsed to syntax trees."""
