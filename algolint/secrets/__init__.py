"""What a secret looks like, and its masking in what is reported."""
