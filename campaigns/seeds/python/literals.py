import boto3

TYPES = ["ml.m5.large"] * 2
common = dict(TrainingImage="ab", SupportedTrainingInstanceTypes=TYPES + ["ml.c5.xlarge"])
common["TrainingChannels"] = [{"Name": n} for n in ("train", "test")]
common.update({"SupportsDistributedTraining": not True})
if boto3:
    common.setdefault("SupportedHyperParameters", []).append({"Name": f"a{1}", "Type": "Integer"})
request = {"AlgorithmName": "-".join(["a", "b"]), **{"TrainingSpecification": common}}
boto3.client("sagemaker").create_algorithm(**request, Tags=[dict(Key="a", Value=str(-1_0))])
