"""What a spec is: recognized, bound to the shapes of the API, and walked by the rules."""
