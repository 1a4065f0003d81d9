"""Shell scripts and Makefiles: the arguments of `aws sagemaker create-algorithm`, with their locations."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.testing import is_unknown
from algolint.values import UNKNOWN, OpenDict

pytest.importorskip("tree_sitter_bash", reason="tree-sitter-bash is not installed")

TRAINING = '{"SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"]}'
WHOLE = f'{{"AlgorithmName": "a b", "TrainingSpecification": {TRAINING}}}'
ESCAPED = WHOLE.replace('"', '\\"')
# Ways to pass the same request; the instance type is found in each.
FORMS = {
    "options": f"aws sagemaker create-algorithm --algorithm-name 'a b' --training-specification '{TRAINING}'",
    "lines": f"aws sagemaker create-algorithm \\\n  --algorithm-name 'a b' \\\n  --training-specification '{TRAINING}'\n",
    "YAML": "aws sagemaker create-algorithm --cli-input-yaml \"$(cat <<'EOF'\n"
    f'AlgorithmName: a b\nTrainingSpecification: {TRAINING}\nEOF\n)"\n',
    "one JSON": f"aws sagemaker create-algorithm --cli-input-json '{WHOLE}'",
    "double quotes": f'aws sagemaker create-algorithm --cli-input-json "{ESCAPED}"',
    "a profile": f"aws --profile x sagemaker create-algorithm --cli-input-json '{WHOLE}' --region eu-west-1",
    "a here-document": f'aws sagemaker create-algorithm --cli-input-json "$(cat <<EOF\n{WHOLE}\nEOF\n)"\n',
    "a quoted here-document": f"aws sagemaker create-algorithm --cli-input-json \"$(cat <<'EOF'\n{WHOLE}\nEOF\n)\"\n",
    "standard input": f"aws sagemaker create-algorithm --cli-input-json file:///dev/stdin <<EOF\n{WHOLE}\nEOF\n",
    "a written file": f"cat > r.json <<EOF\n{WHOLE}\nEOF\naws sagemaker create-algorithm --cli-input-json file://r.json",
    "a printed file": f'cat > r.json <<EOF\n{WHOLE}\nEOF\naws sagemaker create-algorithm --cli-input-json "$(cat r.json)"',
    "a temporary file": f'cat <<EOF >"$D/r.json"\n{WHOLE}\nEOF\ncat "$D/r.json"\n'
    'aws sagemaker create-algorithm --cli-input-json "file://$D/r.json"',
    "a variable": f"T='{TRAINING}'\naws sagemaker create-algorithm --algorithm-name 'a b' --training-specification \"$T\"",
    "variables in a variable": f"T='{TRAINING}'\n"
    'R="{\\"AlgorithmName\\": \\"a b\\", \\"TrainingSpecification\\": $T}"\n'
    'aws sagemaker create-algorithm --cli-input-json "$R"',
    "a variable after a file": f"source lib.sh\nT='{TRAINING}'\naws sagemaker create-algorithm --algorithm-name 'a b'"
    ' --training-specification "$T"',
    "a here-document in a variable": f'R=$(cat <<EOF\n{WHOLE}\nEOF\n)\naws sagemaker create-algorithm --cli-input-json "$R"',
    "tee": f"tee r.json <<'EOF' >/dev/null\n{WHOLE}\nEOF\naws sagemaker create-algorithm --cli-input-json file://r.json",
    "echo": f"echo '{WHOLE}' > r.json\naws sagemaker create-algorithm --cli-input-json file://r.json",
    "printf": f"printf '%s\\n' '{WHOLE}' >r.json\naws sagemaker create-algorithm --cli-input-json file://r.json",
    "read": f"read -r -d '' R <<'EOF' || true\n{WHOLE}\nEOF\naws sagemaker create-algorithm --cli-input-json \"$R\"",
    "an array": f"args=(--algorithm-name 'a b' # c\n --training-specification '{TRAINING}')\n"
    'aws sagemaker create-algorithm "${args[@]}" --region eu-west-1',
    "an array in parts": 'go() {\n  local args=(--algorithm-name \'a b\')\n  [ -n "$X" ] && args+=(--profile "$X")\n'
    f"  args+=(--training-specification '{TRAINING}')\n  aws sagemaker create-algorithm \"${{args[@]}}\"\n}}\ngo",
    "jq": f"T=$(jq -n --arg i \"$IMAGE\" '{{TrainingImage: $i, {TRAINING[1:]}')\n"
    "aws sagemaker create-algorithm --algorithm-name 'a b' --training-specification \"$T\"",
    "jq into a file": "jq --null-input --arg n 'a b' --argjson c \"$CHANNELS\" '{AlgorithmName: $n, TrainingSpecification: {"
    'TrainingChannels: $c, SupportedTrainingInstanceTypes: ["ml.m5.3xlarge"]}}\' > r.json\n'
    "aws sagemaker create-algorithm --cli-input-json file://r.json",
    "a function": f"create() {{\n  aws sagemaker create-algorithm --cli-input-json '{WHOLE}'\n}}\n",
    "a condition": f"if true; then aws sagemaker create-algorithm --cli-input-json '{WHOLE}' || exit 1; fi",
    "a substitution": f"arn=$(aws sagemaker create-algorithm --cli-input-json '{WHOLE}' --query AlgorithmArn)",
}


def found_in(name: str, text: str) -> dict[str, str]:
    """The text at each finding, by its rule."""
    found = Session(SettingsFinder({}, isolated=True)).lint(name, True, Source(name, text)).diagnostics
    return {d.rule.name: text[slice(*d.location.span)] for d in found}


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_give_a_request_is_seen(form: str) -> None:
    found = found_in("create.sh", FORMS[form])
    assert found["unknown-instance-type"].strip('\\"') == "ml.m5.3xlarge"
    assert "a b" in found["pattern-mismatch"]


def test_a_makefile() -> None:
    text = f"NAME = forecaster\n\nregister:\n\t@aws sagemaker create-algorithm \\\n\t  --cli-input-json '{WHOLE}'\n"
    for name in ("Makefile", "build/makefile", "rules.mk"):
        assert found_in(name, text)["unknown-instance-type"] == '"ml.m5.3xlarge"'


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('aws sagemaker create-algorithm --algorithm-name "${N:-a_b}"', ["a_b"]),
        ("aws sagemaker create-algorithm --algorithm-name ${1-a_b}", ["a_b"]),
        ('N="${N:-a_b}"\naws sagemaker create-algorithm --algorithm-name "$N"', ["a_b"]),
        ('N="${1:=a_b}"\nM=$N\naws sagemaker create-algorithm --algorithm-name "x-$M"', ["x-a_b"]),
        ('N=a_b\naws sagemaker create-algorithm --algorithm-name "${M:-$N}"', ["a_b"]),
        ('N=c\naws sagemaker create-algorithm --algorithm-name "${N:-a_b}"', ["c"]),
        ('aws sagemaker create-algorithm --algorithm-name "${N:?a_b}"', []),
        ('aws sagemaker create-algorithm --algorithm-name "${N:+a_b}"', []),
        ('aws sagemaker create-algorithm --algorithm-name "${N:-}"', []),
        ('aws sagemaker create-algorithm --algorithm-name "${N:-$M}"', []),
    ],
)
def test_the_defaults_of_variables(script: str, names: list[str]) -> None:
    """They are what is sent where the variable is not set, which is linted too."""
    (document,) = read(Source("a.sh", script))
    assert is_unknown(document.spec["AlgorithmName"])
    found = [variant.spec["AlgorithmName"] for variant in document.variants()]
    assert [name for name in found if isinstance(name, str)] == names
    faulty = [name for name in names if "_" in name]
    assert ("pattern-mismatch" in found_in("a.sh", script)) is bool(faulty)
    workflow = f"jobs:\n  a:\n    steps:\n      - run: |\n{script}".replace(
        "\naws", "\n          aws"
    ).replace("\nN", "\n          N")
    workflow = workflow.replace("\nM", "\n          M")
    assert ("pattern-mismatch" in found_in(".github/workflows/a.yml", workflow)) is bool(faulty)


@pytest.mark.parametrize("use", ["$(NAME)", "${NAME}", '"$(NAME)"'])
@pytest.mark.parametrize("form", ["NAME := @", "NAME=@", "NAME ?= @  ", "export NAME = @"])
def test_the_variables_of_a_makefile(form: str, use: str) -> None:
    text = f"{form.replace('@', 'a_b')}\nOTHER = $(NAME)\nall:\n\taws sagemaker create-algorithm --algorithm-name {use}\n"
    assert found_in("Makefile", text)["pattern-mismatch"] == use


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "NAME = a_b\nNAME = c",
        "NAME = a_b\nNAME += c",
        "NAME = $(OTHER)",
        "NAME = 'a_b'",
        "define NAME\na_b\nendef",
        "NAME = a_b\\\n c",
        "ifdef X\nNAME = a_b\nelse\nNAME = c\nendif",
        "NAME = a_b c",
    ],
)
def test_the_variables_of_a_makefile_that_are_not_known(lines: str) -> None:
    text = f"{lines}\nall:\n\taws sagemaker create-algorithm --algorithm-name $(NAME)\n"
    (document,) = read(Source("Makefile", text))
    assert is_unknown(document.spec["AlgorithmName"])


@pytest.mark.parametrize(
    ("script", "is_open"),
    [
        ("args=(--algorithm-name a)\nif x; then args+=(--tags b); fi\n", True),
        ("args=(--algorithm-name a)\nargs+=(--profile b)\n", False),
        ("args=()\nif x; then args=(--algorithm-name a); fi\n", True),
        ("args=(--algorithm-name a)\nargs=(--algorithm-name b)\n", True),
        ("go() {\n  args=(--algorithm-name a)\n}\ngo\n", True),
        ("args=b\n", True),
        ("", True),
    ],
)
def test_what_an_array_may_hold_beside_its_options(script: str, is_open: bool) -> None:
    (document,) = read(Source("a.sh", script + 'aws sagemaker create-algorithm "${args[@]}"'))
    assert isinstance(document.spec, OpenDict) is is_open
    assert document.spec.get("AlgorithmName", "a") == "a"
    assert "Tags" not in document.spec


def spec_of(text: str, name: str = "a.sh") -> Any:
    (document,) = read(Source(name, f"aws sagemaker create-algorithm {text}"))
    return document.spec


def test_what_the_shell_fills_in_is_unknown() -> None:
    spec = spec_of('--algorithm-name "$NAME" --algorithm-description "v $V" --tags Key=a,Value=b')
    assert all(value is UNKNOWN for value in spec.values())
    assert isinstance(spec_of('--algorithm-name a "$@"'), OpenDict)
    assert isinstance(spec_of("--algorithm-name a --cli-input-yaml file://gone.yaml"), OpenDict)
    # A text with a hole is a template, as in JSON.
    spec = spec_of('--training-specification "{\\"TrainingImage\\": \\"$IMAGE\\", \\"X\\": $LIST}"')
    assert "TrainingImage" in spec["TrainingSpecification"]


@pytest.mark.parametrize(
    "script",
    [
        "N=a\nN=b\n",
        "if x; then N=a; fi\n",
        "N=a\nread N\n",
        "for N in a b; do :; done\n",
        "N=a x\n",
        "N=a\nN+=b\n",
        'N="$N"\n',
        "N=a\n. ./settings.sh\n",
        'A="$N"\nN="$A"\n',
        "",
    ],
)
def test_variables_that_may_have_other_values_are_unknown(script: str) -> None:
    (document,) = read(Source("a.sh", f'{script}aws sagemaker create-algorithm --algorithm-name "$N"'))
    assert is_unknown(document.spec["AlgorithmName"])


@pytest.mark.parametrize(
    "script",
    [
        "cat > r.json <<EOF\n{}\nEOF\ncat >> r.json <<EOF\n{}\nEOF\n",
        "cat > r.json <<EOF\n{}\nEOF\nsed -i s/a/b/ r.json\n",
        "envsubst > r.json <<EOF\n{}\nEOF\n",
        "echo '{}' >> r.json\n",
        "jq '{a: 1}' s.json > r.json\n",
        "jq -n '{a: env.X}' > r.json\n",
        "jq -n --arg a b '{$a}' > r.json\n",
        "jq -n '{a: $a}' > r.json\n",
        "jq -n --slurpfile a b '{a: $a}' > r.json\n",
        "jq -n --arg a b '{a: \"\\\\(.x)\"}' > r.json\n",
        "jq -n '{a: [1, 2] | first}' > r.json\n",
        "jq -n --arg a 'b\"' '{a: $a}' > r.json\n",
        "jq -n --arg a\n",
        "echo -e '{}' > r.json\n",
        "echo '{}' '{}' > r.json\n",
        "echo '{}' | jq . > r.json\n",
        "printf '%s%s' '{}' > r.json\n",
        "tee -a r.json <<EOF\n{}\nEOF\n",
        "tee r.json s.json <<EOF\n{}\nEOF\n",
        "echo '{}' > r.json\ntee r.json <<EOF\n{}\nEOF\n",
        "echo '{}' | tee r.json\n",
        "./make > r.json\n",
    ],
)
def test_files_that_a_script_changes_are_unknown(script: str) -> None:
    option = "--training-specification file://r.json"
    (document,) = read(Source("a.sh", f"{script}aws sagemaker create-algorithm {option}"))
    assert is_unknown(document.spec["TrainingSpecification"])


def test_variables_of_variables_are_bounded() -> None:
    names = [f"V{number}" for number in range(60)]
    doubled = "".join(f'{name}="${before}${before}"\n' for before, name in pairwise(names))
    script = f'V0={"x" * 1000}\n{doubled}aws sagemaker create-algorithm --algorithm-name "$V59"'
    (document,) = read(Source("a.sh", script))
    assert is_unknown(document.spec["AlgorithmName"])


def test_flags_and_foreign_options() -> None:
    assert spec_of("--debug --certify-for-marketplace --no-cli-pager --algorithm-name a --output text") == {
        "CertifyForMarketplace": True,
        "AlgorithmName": "a",
    }
    assert spec_of("--no-certify-for-marketplace")["CertifyForMarketplace"] is False
    (document,) = read(Source("a.sh", "aws sagemaker create-algorithm --region eu-west-1 --algorithm-name a"))
    assert document.region == "eu-west-1"


def test_options_win_over_the_json() -> None:
    assert spec_of(f"--cli-input-json '{WHOLE}' --algorithm-name c")["AlgorithmName"] == "c"


def test_files_of_the_scripts_folder(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "training.json").write_text(TRAINING)
    (tmp_path / "create.sh").write_text(
        "aws sagemaker create-algorithm --algorithm-name a --training-specification file://training.json\n"
    )
    done = algolint("--format", "concise", "create.sh", cwd=tmp_path)
    assert "create.sh:1:" in done.stdout
    assert "[unknown-instance-type]" in done.stdout
    printed = (tmp_path / "create.sh").read_text().replace("file://training.json", '"$(cat training.json)"')
    (tmp_path / "create.sh").write_text(printed)
    assert "[unknown-instance-type]" in algolint("--format", "concise", "create.sh", cwd=tmp_path).stdout
    for word in (
        '"$(cat training.json | jq .)"',
        '"$(cat -s training.json)"',
        '"$(jq . training.json)"',
        '"$(cat $X)"',
    ):
        assert spec_of(f"--training-specification {word}")["TrainingSpecification"] is UNKNOWN
    # The folder of the script is assumed to be the one in which it runs.
    for folder in (
        "$(pwd)",
        "$PWD",
        "${PWD}",
        "`pwd`",
        '$(dirname "$0")',
        "$(dirname $0)",
        '$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null && pwd)',
    ):
        for word in (f'"file://{folder}/training.json"', f'"$(cat {folder}/training.json)"'):
            (tmp_path / "create.sh").write_text(
                f"aws sagemaker create-algorithm --algorithm-name a --training-specification {word}\n"
            )
            done = algolint("--format", "concise", "create.sh", cwd=tmp_path)
            assert "[unknown-instance-type]" in done.stdout, word
    assert spec_of("--training-specification file:///etc/passwd")["TrainingSpecification"] is UNKNOWN
    assert spec_of("--training-specification file://../x.json")["TrainingSpecification"] is UNKNOWN
    assert spec_of("--training-specification fileb://x.json")["TrainingSpecification"] is UNKNOWN


def test_a_yaml_file_is_the_request(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"AlgorithmName: a b\nTrainingSpecification: {TRAINING}\n")
    (tmp_path / "create.sh").write_text("aws sagemaker create-algorithm --cli-input-yaml file://spec.yaml\n")
    found = algolint("--format", "concise", "create.sh", cwd=tmp_path).stdout
    assert "create.sh:1:" in found
    assert "[unknown-instance-type]" in found
    # If the file is linted too, its findings are only reported there.
    found = algolint("--format", "concise", ".", cwd=tmp_path).stdout
    assert "create.sh" not in found
    assert found.count("[unknown-instance-type]") == 1
    with pytest.raises(SourceSyntaxError, match="in this YAML"):
        spec_of("--cli-input-yaml 'a: 1\nb: ]'")


def test_a_command_that_sends_nothing_has_no_request() -> None:
    for words in (
        "--generate-cli-skeleton > spec.json",
        "--generate-cli-skeleton yaml-input > spec.yaml",
        "--algorithm-name a --generate-cli-skeleton",
        "help",
    ):
        assert read(Source("a.sh", f"aws sagemaker create-algorithm {words}\n")) == []
    # With `output` the request is checked.
    assert spec_of("--generate-cli-skeleton output --algorithm-name a") == {"AlgorithmName": "a"}


def test_json_that_is_broken_is_located() -> None:
    text = "aws sagemaker create-algorithm --cli-input-json '{\"AlgorithmName\": }'"
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("a.sh", text))
    assert text[caught.value.span[0]] == "}"


def test_duplicate_keys_are_found() -> None:
    once = '\'{"Name": "a", "Name": "b"}\''
    text = f"aws sagemaker create-algorithm --algorithm-name a --training-specification {once}"
    assert found_in("a.sh", text)["duplicate-key"] == '"Name"'
    twice = WHOLE.replace('"AlgorithmName": "a b"', '"AlgorithmName": "a", "AlgorithmName": "b"')
    assert (
        found_in("a.sh", f"aws sagemaker create-algorithm --cli-input-json '{twice}'")["duplicate-key"]
        == '"AlgorithmName"'
    )


def test_other_scripts_are_silent(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("echo create-algorithm; aws sagemaker list-algorithms\n")
    (tmp_path / "b.sh").write_text("if then fi ((( create-algorithm\n")
    (tmp_path / "Makefile").write_text("all:\n\techo sagemaker\n")
    done = algolint(".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "no algorithm specs found\n")


def test_a_folder_and_suppressions(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text(f"# algolint: ignore[pattern-mismatch] as it is\n{FORMS['options']}\n")
    (tmp_path / "Makefile").write_text(f"x:\n\t{FORMS['options']}\n")
    done = algolint("--format", "concise", ".", cwd=tmp_path)
    assert done.stdout.count("unknown-instance-type") == 2
    assert done.stdout.count("pattern-mismatch") == 1
