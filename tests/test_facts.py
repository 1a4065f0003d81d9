"""Tables of facts: made by a tool from packages on the index, and equal to what the installed ones say."""

from __future__ import annotations

import ast
import gzip
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from algolint.aws import notation
from algolint.aws.cloudformation_table import NOT_IN_ALGORITHM, ONLY_IN_MODEL_PACKAGE
from algolint.aws.model import JOBS, REQUEST, Model
from algolint.aws.notation import registry_regions
from algolint.aws.region_table import PARTITIONS
from algolint.aws.regions import REGIONS
from algolint.aws.registry_table import REGISTRIES, REPOSITORIES
from algolint.spec import recognition
from algolint.testing import model_of

# Where the wheels are kept that the tables are made from (CONTRIBUTING.md); no test loads any.
WHEELS = ROOT / ".facts"
TABLES = sorted((ROOT / "algolint" / "aws").glob("*_table.py"))


def test_regions_and_partitions_are_those_of_botocore() -> None:
    text = (resources.files("botocore") / "data" / "partitions.json").read_text(encoding="utf-8")
    now = {
        partition["id"]: {name for name in partition["regions"] if not name.endswith("-global")}
        for partition in json.loads(text)["partitions"]
    }
    ours = {name: set(regions.split()) for name, (_, regions) in PARTITIONS.items()}
    # An older botocore than the table's knows fewer regions.
    assert now.keys() <= ours.keys()
    for name, regions in now.items():
        assert regions <= ours[name], f"run tools/build_facts.py: regions of {name}"


def test_the_suffixes_of_hosts_are_those_of_botocore() -> None:
    """Amazon ECR's dual-stack hosts end in on.aws where those of other services end in api.aws."""
    text = (resources.files("botocore") / "data" / "partitions.json").read_text(encoding="utf-8")
    suffixes: dict[str, set[str]] = {}
    for partition in json.loads(text)["partitions"]:
        outputs = partition["outputs"]
        dual_stack = outputs["dualStackDnsSuffix"].replace("api.", "on.", 1)
        for suffix in (outputs["dnsSuffix"], dual_stack):
            suffixes.setdefault(suffix, set()).add(partition["id"])
    assert {name: set(partitions) for name, partitions in notation._DNS_SUFFIXES.items()} == suffixes


@pytest.mark.parametrize("partition", PARTITIONS)
def test_the_name_of_a_region_tells_its_partition(partition: str) -> None:
    for region in PARTITIONS[partition][1].split():
        assert notation.partition_of(region) == partition


def test_regions_that_are_on_by_default_exist() -> None:
    default = import_module("algolint_rules.marketplace")._DEFAULT_REGIONS
    assert set(PARTITIONS["aws"][1].split()) > default


def test_registries_are_accounts_in_regions() -> None:
    assert len({account for accounts in REGISTRIES.values() for account in accounts.split()}) > 300
    assert REGISTRIES.keys() <= REGIONS
    for region, accounts in REGISTRIES.items():
        assert all(notation.is_account(account) for account in accounts.split()), region
    assert "eu-west-1" in registry_regions("763104351884", "pytorch-training")
    assert registry_regions("763104351884", "forecaster") == ()
    assert registry_regions("123456789012", "pytorch-training") == ()


def test_the_algorithms_of_aws_are_repositories_of_aws() -> None:
    assert import_module("algolint_rules.metrics")._BUILT_IN_ALGORITHMS <= REPOSITORIES


# ---------------------------------------------------------------- what is written by hand, and follows from the model


def shapes() -> dict[str, Any]:
    """The shapes of the installed botocore."""
    packed = resources.files("botocore") / "data" / "sagemaker" / "2017-07-24" / "service-2.json.gz"
    found: dict[str, Any] = json.loads(gzip.decompress(packed.read_bytes()))["shapes"]
    return found


def test_what_only_a_response_has_is_what_botocore_says() -> None:
    known = shapes()
    beside = known["DescribeAlgorithmOutput"]["members"].keys() - known[REQUEST]["members"].keys()
    assert beside | {"ResponseMetadata"} == recognition.RESPONSE_ONLY


RECOGNISED = [
    (REQUEST, recognition._REQUEST, set()),
    # A part is also recognised without these, which were added later or are of other requests as well.
    ("TrainingSpecification", recognition._PARTS["TrainingSpecification"], {"MetricDefinitions", "AdditionalS3DataSource"}),
    ("InferenceSpecification", recognition._PARTS["InferenceSpecification"], set()),
    ("AlgorithmValidationSpecification", recognition._PARTS["AlgorithmValidationSpecification"], set()),
    ("HyperParameterSpecification", recognition._HYPERPARAMETER, {"Description"}),
    ("ModelPackageContainerDefinition", recognition._CONTAINER, set()),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "fields", "others"), RECOGNISED, ids=[row[0] for row in RECOGNISED])
def test_a_spec_is_recognised_by_all_fields_of_its_shape(
    shape: str, fields: frozenset[str], others: set[str]
) -> None:
    assert model_of().shape(shape).members.keys() == fields | others


@pytest.mark.parametrize(
    ("request_shape", "part"),
    [
        ("CreateTrainingJobRequest", "TrainingJobDefinition"),
        ("CreateTransformJobRequest", "TransformJobDefinition"),
    ],
)
def test_all_fields_that_a_job_has_and_a_profile_lacks_are_known(request_shape: str, part: str) -> None:
    """A new field of a job's request is reported at a profile as one of that request, not as unknown."""
    foreign = import_module("algolint_rules.document")._FOREIGN
    lacking = Model(table=JOBS).shape(request_shape).members.keys() - model_of().shape(part).members.keys()
    assert lacking <= foreign.keys()


def test_each_type_of_data_is_for_batch_transform_or_not() -> None:
    training_only = import_module("algolint_rules.transform_job")._TRAINING_ONLY
    assert {"S3Prefix", "ManifestFile", *training_only} == set(model_of().shape("S3DataType").enum or ())


def test_the_documented_images_of_transform_instances_are_known() -> None:
    versions = import_module("algolint_rules.transform_job")._AMI_VERSIONS
    text = shapes()["TransformResources"]["members"]["TransformAmiVersion"]["documentation"]
    assert {word for word in re.findall(r"[a-z0-9-]+", text) if word.startswith("al2")} == set(versions)


# ---------------------------------------------------------------- the tool


def test_one_scheduled_workflow_builds_and_proposes_all_tables() -> None:
    workflow = (ROOT / ".github" / "workflows" / "model-update.yml").read_text(encoding="utf-8")
    assert "schedule:" in workflow
    for tool in ("build_model.py", "build_facts.py"):
        lines = [line.strip() for line in workflow.splitlines() if f"python tools/{tool}" in line]
        assert [line for line in lines if line.endswith("--check || changed=true")]
        assert [line for line in lines if "--check" not in line]
    assert "-- algolint/aws" in workflow
    assert {path.parent for path in TABLES} == {ROOT / "algolint" / "aws"}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_check_ignores_the_version_of_the_source_alone(path: Path) -> None:
    compared = runpy.run_path(str(ROOT / "tools" / "build_facts.py"))["without_version"]
    text = path.read_text(encoding="utf-8")
    source = next(line for line in text.splitlines() if line.startswith("SOURCE = "))
    assert compared(text.replace(source, 'SOURCE = "a 9.9"')) == compared(text)
    table = text.partition(source)[2]
    assert compared(
        text.replace(table, table.replace("us-east-1", "").replace("m5", "m7").replace("Model", ""))
    ) != compared(text)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_names_its_source(path: Path) -> None:
    names = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    source = next(node.value for node in names if ast.unparse(node.targets[0]) == "SOURCE")
    assert isinstance(source, ast.Constant)
    assert ":" in str(source.value)
    assert "tools/build_facts.py" in path.read_text()


@pytest.mark.slow
def test_the_tool_finds_a_family_that_the_table_lacks(tmp_path: Path) -> None:
    """The wheels are made here, small ones, so that the test needs no network."""
    for path in TABLES:
        assert path.read_text() != ""
    wheels = list(fake_wheels(tmp_path))
    assert len(wheels) == 4
    command = [sys.executable, str(ROOT / "tools" / "build_facts.py"), "--wheels", str(tmp_path), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sorted(done.stdout.splitlines()) == [f"{path.name} differs" for path in TABLES]


def test_the_same_wheels_give_the_same_tables(tmp_path: Path) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "build_facts.py"))
    assert len(list(fake_wheels(tmp_path))) == 4
    tables = tool["tables"](tmp_path)
    assert tables == tool["tables"](tmp_path)
    assert tables.keys() == {path.name for path in TABLES}
    assert '"m5": "large 2 0 0, ' in tables["instance_table.py"]
    assert '"eu-west-1": "123456789012"' in tables["registry_table.py"]
    assert '"aws": ("a.com", "eu-west-1")' in tables["region_table.py"]
    written: dict[str, Any] = {}
    exec(tables["cloudformation_table.py"], written)
    assert written["NOT_IN_ALGORITHM"] == {"CreateAlgorithmInput": {"Later"}, "Part": {"Deep"}}
    assert written["ONLY_IN_MODEL_PACKAGE"] == {"Approval"}


@pytest.mark.skipif(not WHEELS.is_dir(), reason="the wheels were not loaded by tools/build_facts.py")
def test_the_tables_are_what_the_wheels_say() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "build_facts.py"))
    for name, text in tool["tables"](WHEELS).items():
        now = (ROOT / "algolint" / "aws" / name).read_text(encoding="utf-8")
        assert tool["without_version"](now) == tool["without_version"](text), name


def test_cloudformation_lacks_fields_that_there_are() -> None:
    for shape, names in NOT_IN_ALGORITHM.items():
        assert names <= model_of().shape(shape).members.keys()
    package = Model(table=JOBS).shape("CreateModelPackageInput")
    assert ONLY_IN_MODEL_PACKAGE.isdisjoint(package.members)


def fake_wheels(folder: Path) -> Iterator[Path]:
    import zipfile

    types = {
        "m5.large": {
            "InstanceType": "m5.large",
            "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
            "Hypervisor": "nitro",
            "VCpuInfo": {"DefaultVCpus": 2},
        }
    }
    sizes = "xlarge 2xlarge 4xlarge 12xlarge 24xlarge".split()
    types |= {f"m5.{size}": {**types["m5.large"], "InstanceType": f"m5.{size}"} for size in sizes}
    contents = {
        "moto-9.0-py3-none-any.whl": {
            "moto/ec2/resources/instance_types.json.gz": gzip.compress(json.dumps(types).encode())
        },
        "sagemaker-2.999-py3-none-any.whl": {
            "sagemaker/image_uri_config/a.json": json.dumps(
                {"registries": {"eu-west-1": "123456789012"}, "repository": "a-training"}
            ).encode()
        },
        "botocore-9.0-py3-none-any.whl": {
            "botocore/data/partitions.json": json.dumps(
                {
                    "partitions": [
                        {"id": "aws", "outputs": {"dnsSuffix": "a.com"}, "regions": {"eu-west-1": {}}}
                    ]
                }
            ).encode(),
            "botocore/data/sagemaker/2017-07-24/service-2.json.gz": gzip.compress(
                json.dumps({"shapes": fake_shapes()}).encode()
            ),
        },
        "cfn_lint-9.0-py3-none-any.whl": {
            f"cfnlint/data/schemas/resources/{number}.json": json.dumps(schema).encode()
            for number, schema in enumerate(fake_schemas())
        },
    }
    for name, files in contents.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            for inner, data in files.items():
                archive.writestr(inner, data)
        yield folder / name


def fake_shapes() -> dict[str, Any]:
    def structure(**members: str) -> dict[str, Any]:
        return {"type": "structure", "members": {name: {"shape": shape} for name, shape in members.items()}}

    return {
        "CreateAlgorithmInput": structure(Name="Text", Parts="Parts", Later="Text"),
        "Parts": {"type": "list", "member": {"shape": "Part"}},
        "Part": structure(Name="Text", Deep="Text"),
        "Text": {"type": "string"},
        "CreateModelPackageInput": structure(Name="Text"),
    }


def fake_schemas() -> list[dict[str, Any]]:
    name = {"type": "string"}
    return [
        {
            "typeName": "AWS::SageMaker::Algorithm",
            "properties": {"Name": name, "Parts": {"items": {"$ref": "#/definitions/Part"}}},
            "definitions": {"Part": {"properties": {"Name": name}}},
        },
        {
            "typeName": "AWS::SageMaker::ModelPackage",
            "properties": {"Name": name, "Approval": name, "Arn": name},
            "readOnlyProperties": ["/properties/Arn"],
        },
        {"typeName": "AWS::SageMaker::Model", "properties": {"See": "AWS::SageMaker::Algorithm"}},
    ]
