"""Facts of AWS: the API model, instance families, and notations such as ARNs."""
