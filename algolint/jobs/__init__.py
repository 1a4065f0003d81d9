"""Requests that use an algorithm, judged against it: jobs, model packages, endpoint configurations."""
