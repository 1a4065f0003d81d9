"""The table of the requests that use an algorithm agrees with botocore, at the newest release and before."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import botocore
import botocore.session
import pytest
from conftest import ROOT

from algolint.aws import jobs_table
from algolint.aws.model import JOB_REQUESTS, JOBS, Model, Revision
from algolint.spec.structural_rules import FORMS

NEWEST = Model(table=JOBS)


def test_the_file_is_as_the_tool_writes_it(tool: ModuleType) -> None:
    table = {name.lower(): value for name, value in vars(jobs_table).items() if name.isupper()}
    assert tool.table_text(table) == tool.JOBS.file.read_text(encoding="utf-8")
    assert tuple(JOB_REQUESTS.values()) == tool.JOBS.operations


def test_the_newest_shapes_are_those_of_botocore(tool: ModuleType) -> None:
    installed = Revision(0, botocore.__version__, "").release
    last, checked = (
        Revision(0, row[0], "").release for row in (jobs_table.REVISIONS[-1], jobs_table.NEWEST_CHECKED)
    )
    if not last <= installed <= checked:
        pytest.skip(f"botocore {botocore.__version__} is not the one that the table was made of")
    loader = botocore.session.get_session().get_component("data_loader")
    service = loader.load_service_model("sagemaker", "service-2")
    closure = tool.request_closure(service, JOB_REQUESTS)
    assert set(closure) == set(NEWEST.names())
    for name, theirs in closure.items():
        shape, own = NEWEST.shape(name), tool.constraints(theirs)
        assert shape.type == own["type"]
        assert {key: key in shape.required for key in shape.members} == own["members"]
        assert (shape.min, shape.max, shape.pattern) == (own["min"], own["max"], own["pattern"]), name
        assert sorted(shape.enum or ()) == sorted(own["enum"] or ()), name
        uses = dict(tool.references(theirs))
        assert shape.members == {
            member: target for (kind, member), target in uses.items() if kind == "members"
        }


@pytest.mark.parametrize(
    ("version", "shape", "field", "is_there"),
    [
        ("1.12.55", "CreateTrainingJobRequest", "AlgorithmSpecification", True),
        ("1.12.55", "CreateTrainingJobRequest", "EnableManagedSpotTraining", False),
        ("1.12.236", "CreateTrainingJobRequest", "EnableManagedSpotTraining", True),
        ("1.12.55", "CreateHyperParameterTuningJobRequest", "TrainingJobDefinitions", False),
        ("1.19.5", "CreateHyperParameterTuningJobRequest", "TrainingJobDefinitions", True),
        ("1.29.127", "ParameterRanges", "AutoParameters", False),
        ("1.29.158", "ParameterRanges", "AutoParameters", True),
        ("1.12.55", "CreateModelPackageInput", "SourceAlgorithmSpecification", True),
        ("1.12.55", "ProductionVariant", "ServerlessConfig", False),
    ],
)
def test_fields_have_the_revision_that_brought_them(
    version: str, shape: str, field: str, is_there: bool
) -> None:
    assert (field in Model(version, JOBS).shape(shape).members) == is_there


def test_a_shape_that_replaced_a_stricter_one_keeps_its_own_past() -> None:
    """In 2020 debug rules could have a volume of 0 GB, and training resources could not."""
    assert Model("1.20.97", JOBS).shape("OptionalVolumeSizeInGB").min == 0


def test_what_the_tables_share_is_the_same_in_both() -> None:
    algorithm = Model()
    shared = set(algorithm.names()) & set(NEWEST.names())
    assert {"ResourceConfig", "Channel", "StoppingCondition", "TransformInput", "TagList"} <= shared
    for name in shared:
        one, other = algorithm.shape(name), NEWEST.shape(name)
        assert one.members.keys() == other.members.keys(), name
        assert (one.type, one.min, one.max, one.pattern) == (other.type, other.min, other.max, other.pattern)
        assert set(one.enum or ()) == set(other.enum or ()), name


def test_names_and_arns_of_jobs_have_their_form_in_words() -> None:
    """A regular expression in a message would not help someone who wrote an underscore into the name of a
    job.
    """
    shapes = [
        shape for shape in map(NEWEST.shape, NEWEST.names()) if shape.type == "string" and shape.pattern
    ]
    in_words = {shape.name for shape in shapes if shape.name in FORMS}
    named = {
        shape.name
        for shape in shapes
        if shape.name.endswith(("Name", "Arn", "Id")) and "[" in str(shape.pattern)
    }
    # Of training without an algorithm, which algolint knows no more of.
    assert named - in_words == {
        "ServerlessJobBaseModelArn", "MlFlowResourceArn", "TrainingRepositoryCredentialsProviderArn"
    }  # fmt: skip


def test_a_spec_is_linted_without_the_table(tmp_path: Path) -> None:
    import subprocess

    program = (
        "import sys\n"
        "from algolint.cli.main import run\n"
        f"code = run([{str(ROOT / 'fixtures' / 'clean' / 'minimal.json')!r}])\n"
        "assert 'algolint.aws.model_table' in sys.modules\n"
        "assert 'algolint.aws.jobs_table' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
