def create(client, name: str = "x", *rest, **kw):
    spec = {
        "TrainingImage": """a
\tb""",
        "SupportedTrainingInstanceTypes": [*rest, "ml.m5.large"],
        "TrainingChannels": None,
    }
    for spec["x"] in kw:
        del spec["x"]
    while (n := len(name)) > 3:
        name = name[:-1] + "\N{EM DASH}"
    return client.create_algorithm(
        AlgorithmName=name.format("a") % 3, TrainingSpecification=spec
    )  # algolint: ignore[*]


try:
    create(None, "a" if create else b"b")
except Exception as e:
    raise
TrainingSpecification = {
    "SupportedHyperParameters": [{"Name": "p", "Type": "Integer", "DefaultValue": "\x31", "Range": {}}]
}
