"""Facts of AWS: the API model, instance families, and how its texts are written."""
