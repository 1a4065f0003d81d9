"""Tables of facts: made by a tool from packages on the index, and equal to what the installed ones say."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module, resources
from pathlib import Path

import pytest
from conftest import ROOT

from algolint.aws import notation
from algolint.aws.notation import registry_regions
from algolint.aws.region_table import PARTITIONS
from algolint.aws.regions import REGIONS
from algolint.aws.registry_table import REGISTRIES, REPOSITORIES

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


@pytest.mark.parametrize("partition", PARTITIONS)
def test_the_name_of_a_region_tells_its_partition(partition: str) -> None:
    for region in PARTITIONS[partition][1].split():
        assert notation.partition_of(region) == partition


def test_regions_that_are_on_by_default_exist() -> None:
    default = import_module("algolint_rules.marketplace")._DEFAULT_REGIONS
    assert set(PARTITIONS["aws"][1].split()) > default


def test_registries_are_accounts_in_regions() -> None:
    assert len(REGISTRIES) > 300
    for account, regions in REGISTRIES.items():
        assert len(account) == 12
        assert account.isdigit()
        assert set(regions.split()) <= REGIONS, account
    assert "eu-west-1" in registry_regions("763104351884", "pytorch-training")
    assert registry_regions("763104351884", "forecaster") == ()
    assert registry_regions("123456789012", "pytorch-training") == ()


def test_the_algorithms_of_aws_are_repositories_of_aws() -> None:
    assert import_module("algolint_rules.metrics")._BUILT_IN_ALGORITHMS <= REPOSITORIES


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
    assert compared(text.replace("us-east-1", "us-east-7").replace("m5", "m7")) != compared(text)


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
    assert len(wheels) == 3
    command = [sys.executable, str(ROOT / "tools" / "build_facts.py"), "--wheels", str(tmp_path), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "instance_table.py differs" in done.stdout


def fake_wheels(folder: Path) -> Iterator[Path]:
    import gzip
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
            ).encode()
        },
    }
    for name, files in contents.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            for inner, data in files.items():
                archive.writestr(inner, data)
        yield folder / name
