"""Templates of JSON and YAML: values that the engine inserts or may leave out are unknown, the rest is read."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Share, shares
from hypothesis import given
from hypothesis import strategies as st
from renderings import FIXTURES, added, findings, located, without_indexes
from steps import steps_of

from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.spec.placeholders import is_template, template_text
from algolint.suppression.writing import add_ignores
from algolint.syntaxes import read
from algolint.values import UNKNOWN, OpenDict, OpenList, PartialText


def plain(value: Any) -> Any:
    """Return a value with its unknown parts as "?" and its open containers marked, for comparison."""
    if value is UNKNOWN:
        return "?"
    if isinstance(value, PartialText):
        return "?".join(value.pieces)
    if isinstance(value, dict):
        more = {"...": "..."} if isinstance(value, OpenDict) else {}
        return {key: plain(item) for key, item in value.items()} | more
    if isinstance(value, list):
        return [plain(item) for item in value] + ["..."] * isinstance(value, OpenList)
    return value


def read_as(name: str, text: str) -> Any:
    documents = read(Source(name, text))
    assert len(documents) == 1
    return plain(documents[0].spec)


# ---------------------------------------------------------------- YAML

OPEN = {"...": "..."}


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        # expressions
        ("a: {{ x }}\nb: 1\n", {"a": "?", "b": 1}),
        ("a: {{ x }}-y\nb: y-{{ x }}\n", {"a": "?-y", "b": "y-?"}),
        ("a: {{ x }}:{{ y }}\n", {"a": "?:?"}),
        ('a: "x {{ y | default("z") }}"\nb: {{ x }}\n', {"a": "x ?", "b": "?"}),
        ("a: \"x\\t{{ y }}\"\nb: 'it''s {{ x }}'\nc: {{ x }}\n", {"a": "?", "b": "?", "c": "?"}),
        ('a: "{{ x | default("y") }}"\nb: {{ z }}\n', {"a": "?", "b": "?"}),
        ("a: '{{ x['y'] }}'\nb: {{ z }}\n", {"a": "?", "b": "?"}),
        ("a: [{{ x }}, 1, {{y}}]\n", {"a": ["?", 1, "?"]}),
        ("a: {b: {{ x }}, c: 1}\n", {"a": {"b": "?", "c": 1}}),
        ('a: {{ {"b": 1}}}\nc: 1\n', {"a": "?", "c": 1}),
        ("- {{ x }}\n- 1\n", ["?", 1]),
        ("{{ k }}: 1\nb: 2\n", {"b": 2} | OPEN),
        ("a: {{ x\n  | y }}\nb: 1\n", {"a": "?", "b": 1}),
        ("a: {{ x }}  # {{ y }}\nb: 1 # {% if %}\n", {"a": "?", "b": 1}),
        # a line of its own brings entries or items
        ("a: 1\n{{ x }}\nb: 2\n", {"a": 1, "b": 2} | OPEN),
        ("a:\n  {{ x }}\nb: 2\n", {"a": "?", "b": 2}),
        ("a:\n  {{- toYaml .x | nindent 2 }}\nb: 2\n", {"a": "?", "b": 2}),
        ("a:\n  - 1\n  {{ x }}\n  - 2\n", {"a": [1, "?", 2, "..."]}),
        ("a:\n  b:\n    c: 1\n  {{ x }}\n  d: 1\n", {"a": {"b": {"c": 1}, "d": 1} | OPEN}),
        # in a column that is not that of the text which it brings
        ("a:\n{{ x }}\nb: 2\n", {"a": "?", "b": 2} | OPEN),
        ("a:  # c\n{{ x }}\n{{ y }}\nb: 2\n", {"a": "?", "b": 2} | OPEN),
        ("a:\n  b:\n{{ x | indent(4) }}\n  c: 1\nd: 1\n", {"a": {"b": "?", "c": 1} | OPEN, "d": 1} | OPEN),
        ("a:\n  b: 1\n{{ x }}\n  c: 1\nd: 1\n", {"a": {"b": 1, "c": 1} | OPEN, "d": 1} | OPEN),
        ("a:\n  b: 1\n{{ x | indent(2) }}\nd: 1\n", {"a": {"b": 1} | OPEN, "d": 1} | OPEN),
        ("a:\n  b: 1\n{{ x }}\nd: 1\n", {"a": {"b": 1}, "d": 1} | OPEN),
        ("a:\n- b:\n{{ x }}\n- c: 1\n", {"a": [{"b": "?"} | OPEN, {"c": 1}, "..."]} | OPEN),
        # statements
        ("{% set x = 1 %}\na: 1\n", {"a": 1}),
        ("{% import 'x' as y %}\na: 1\n{# {{ #}\nb: 2 {# c #}\n", {"a": 1, "b": 2}),
        ("{{/* x */}}\n{{- $x := 1 }}\na: {{ $x }}\n", {"a": "?"}),
        ("a: 1\n{% include 'x' %}\n", {"a": 1} | OPEN),
        ("a:\n  b: 1\n{% include 'x' %}\nc: 1\n", {"a": {"b": 1} | OPEN, "c": 1} | OPEN),
        # conditions and loops
        ("a: 1\n{% if x %}\nb: 2\n{% else %}\nb: 3\n{% endif %}\nc: 4\n", {"a": 1, "c": 4} | OPEN),
        ("a:\n{% for x in y %}\n  - {{ x }}\n{% endfor %}\nb: 1\n", {"a": ["?", "..."], "b": 1}),
        ("a:\n  - 1\n{% for x in y %}\n  - {{ x }}\n{% endfor %}\nb: 1\n", {"a": [1, "?", "..."], "b": 1}),
        ("a:\n  b: 1\n  {% if x %}\n  c: 2\n  {% endif %}\nd: 1\n", {"a": {"b": 1} | OPEN, "d": 1}),
        ("a:\n  {% if x %}\n  c: 2\n  {% endif %}\n  b: 1\nd: 1\n", {"a": {"b": 1} | OPEN, "d": 1}),
        ("a:\n  b: 1\n{% if x %}\nc: 2\n{% endif %}\nd: 1\n", {"a": {"b": 1}, "d": 1} | OPEN),
        ("a: {% if x %}b{% else %}c{% endif %}\nd: 1\n", {"a": "?", "d": 1}),
        ('a: {% if x %}"b"{% else %}[c]{% endif %}\nd: 1\n', {"a": "?", "d": 1}),
        ('a: "{% if x %}b{% else %}c{% endif %}"\nd: {{ x }}\n', {"a": "?", "d": "?"}),
        ("{% if x %}a: 1{% endif %}\nb: 2\n", {"b": 2} | OPEN),
        ("{%- macro m() -%}\nx: 1\n{%- endmacro -%}\na: 1\n", {"a": 1} | OPEN),
        ("a: |\n  x\n  {% if y %}\n  z\n  {% endif %}\nb: 1\n", {"a": "?", "b": 1}),
        ("a: >-\n  x {{ y }}\nb: {{ z }}\n", {"a": "?", "b": "?"}),
        # what a loop repeats is read once
        ("a:\n{% for x in y %}\n- b: 1\n  c: {{ x }}\n{% endfor %}\n", {"a": [{"b": 1, "c": "?"}, "..."]}),
        (
            "a:\n  {%- for x in y %}  # c\n  # d\n  - b-{{ x }}\n  {%- endfor %}\n  - 2\n",
            {"a": ["b-?", 2, "..."]},
        ),
        ("a:\n{% for x in y %}\n- 1\n{% else %}\n- 2\n{% endfor %}\n", {"a": [1, "..."]}),
        (
            "a:\n{% for x in y %}\n{% if x %}\n- 1\n{% else %}\n- 2\n{% endif %}\n{% endfor %}\n",
            {"a": [1, "..."]},
        ),
        (
            "a:\n{% for x in y %}\n- b: 1\n{% if x %}\n  c: 2\n{% endif %}\n{% endfor %}\n",
            {"a": [{"b": 1} | OPEN, "..."]},
        ),
        ("a:\n{% for x in y %}\n - 1\n{% if x %}\n - 2\n{% endif %}\n{% endfor %}\n", {"a": [1, "..."]}),
        (
            "a:\n{% for x in y %}\n- b:\n  {% for z in x %}\n  - 1\n  {% endfor %}\n{% endfor %}\n",
            {"a": [{"b": [1, "..."]}, "..."]},
        ),
        ("a:\n{% for x in y %}\n{% for z in x %}\n- 1\n{% endfor %}\n{% endfor %}\n", {"a": [1, "..."]}),
        ("a:\n{{- range $i, $x := .y }}\n- b: {{ $x }}\n{{- end }}\n", {"a": [{"b": "?"}, "..."]}),
        (
            "a:\n{{- range .y }}\n- b: 1\n  {{- toYaml .z | nindent 2 }}\n{{- end }}\n",
            {"a": [{"b": 1} | OPEN, "..."]},
        ),
        ("a:\n{% for x in y %}\n- b: {% if x %}1{% endif %}\n{% endfor %}\n", {"a": [{"b": "?"}, "..."]}),
        # a loop of anything else, or with items that are not valid on their own
        ("a:\n{% for x in y %}\n  {{ x }}: 1\n{% endfor %}\nb: 1\n", {"a": "?", "b": 1}),
        ("a:\n{% for x in y %}\n  b: 1\n{% endfor %}\nb: 1\n", {"a": "?", "b": 1}),
        ("a: [{% for x in y %}1,{% endfor %}]\n", {"a": ["?"]}),
        ("a:\n{% for x in y %}\n - 1\nb: 1\n{% endfor %}\n", {"a": "?"} | OPEN),
        ("a:\n{% for x in y %}\n - b: [\n{% endfor %}\nc: 1\n", {"a": "?", "c": 1}),
        ("a: |\n  x\n{% for x in y %}\n  - 1\n{% endfor %}\nb: 1\n", {"a": "?", "b": 1}),
        # the whole file under a condition
        ("{{- if .Values.on }}\na: 1\n{{- end }}\n", {"a": 1}),
        ("{{- if .x }}\n{{- with .y }}\na: 1\n{{- end }}\n{{- end }}\n", {"a": 1}),
        ("# c\n---\n{% if x %}\na: 1\n{% else %}\na: 2\n{% endif %}\n", {"a": 1}),
        ("{% for x in y %}\na: {{ x }}\n{% endfor %}\n", {"a": "?"}),
        ("{% raw %}\na: 1\n{% endraw %}\n", {"a": 1}),
        ("{% extends 'x' %}\n{% block b %}\na: 1\n{% endblock %}\n", {"a": 1}),
        # ERB
        ("a: <%= x %>\nb: b-<%= c %>-d\n", {"a": "?", "b": "b-?-d"}),
        ("a:\n  - 1\n  <%= x %>\n  - 2\n", {"a": [1, "?", 2, "..."]}),
        ("a:\n<% x.each do |y| -%>\n  - b: <%= y %>\n<% end %>\nc: 1\n", {"a": [{"b": "?"}, "..."], "c": 1}),
        ("a: 1\n<%- if x -%>\nb: 1\n<% else %>\nb: 2\n<% end %>\n<%# d %>\nc: 1\n", {"a": 1, "c": 1} | OPEN),
        # Terraform
        ("a:\n%{ for x in y ~}\n  - b: ${x}\n%{ endfor ~}\nc: 1\n", {"a": [{"b": "${x}"}, "..."], "c": 1}),
        ("a: 1\n%{~ if x }\nb: 1\n%{ endif }\nc: '%{ if x }a%{ endif }'\n", {"a": 1, "c": "?"} | OPEN),
        # Mustache and Handlebars
        ("a:\n{{#x}}\n  - b: {{y}}\n{{/x}}\nc: {{{y}}}\n", {"a": "?", "c": "?"}),
        ("{{! x }}\na: 1\n{{#if x}}\nb: 1\n{{else}}\nb: 2\n{{/if}}\nc: 1\n", {"a": 1, "c": 1} | OPEN),
    ],
)
def test_yaml(text: str, spec: Any) -> None:
    assert read_as("a.yaml", text) == spec
    assert read_as("a.yaml", text.replace("\n", "\r\n")) == spec


@pytest.mark.parametrize(
    "text",
    [
        "a: 1  # {{ x }}\n",
        "a: 'x{{2}}'\n",
        'a: "{% x %}"\n',
        "a: ${X}\n",
    ],
)
def test_marks_in_strings_and_comments_make_no_template(text: str) -> None:
    [document] = read(Source("a.yaml", text))
    assert not document.is_template
    assert document.spec == read(Source("a.yaml", text))[0].spec


def test_a_regex_is_no_expression_outside_of_templates() -> None:
    text = "MetricDefinitions: [{Name: a, Regex: 'loss={{(.*)}}'}]\nTrainingImage: a\nTrainingChannels: []\n"
    definition = read(Source("a.yaml", text))[0].spec["MetricDefinitions"][0]
    assert definition["Regex"] == "loss={{(.*)}}"


# ---------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ('{"a": {{ x }}, "b": 1}', {"a": "?", "b": 1}),
        ('{"a":{{x}}}', {"a": "?"}),
        ('{"a": "{{ x["y"] }}", "b": {{ c }}}', {"a": "?", "b": "?"}),
        ('{"a": [{{ x }}, 1]}', {"a": ["?", 1]}),
        ('{"a": {{ x }}{{ y }}, "b": 1{{ z }}0}', {"a": "?", "b": "?"}),
        ('{"a": ${COUNT}, "b": %(count)s}', {"a": "?", "b": "?"}),
        ('{"a": {{ x\n }}, "b": 1}', {"a": "?", "b": 1}),
        ('{ {{ k }}: 1, "b": 2}', {"b": 2} | OPEN),
        ('{# c #}{"a": 1 {# d #}}', {"a": 1}),
        ('{% set x = 1 %}{"a": 1}', {"a": 1}),
        ('{"a": 1{% if x %}, "b": 2{% endif %}}', {"a": 1} | OPEN),
        ('{"a": 1, {% if x %}"b": 2{% endif %}}', {"a": 1} | OPEN),
        ('{"a": {"b": 1{% if x %}, "c": 2{% endif %}}, "d": 1}', {"a": {"b": 1} | OPEN, "d": 1}),
        (
            '{"a": [{% for x in y %}{"b": {{ x }}}{% if z %},{% endif %}{% endfor %}]}',
            {"a": [{"b": "?"}, "..."]},
        ),
        ('{"a": [{% for x in y %}{% if x %}, {% endif %}"b{{ x }}"{% endfor %}]}', {"a": ["b?", "..."]}),
        ('{"a": [{% for x in y %}{"b": 1}{{ "," if not loop.last }}{% endfor %}]}', {"a": [{"b": 1}, "..."]}),
        ('{"a": [{% for x in y %}{"b": 1},{% endfor %}{"c": 1}]}', {"a": [{"b": 1}, {"c": 1}, "..."]}),
        ('{"a": [1{% for x in y %},{"b": 1}{% endfor %}]}', {"a": [1, {"b": 1}, "..."]}),
        ('{"a": [{{ x | join(",") }}], "b": {% for x in y %}1{% endfor %}}', {"a": ["?"], "b": "?"}),
        # not valid on their own
        ('{"a": [{% for x in y %}{"b": 1},{% endfor %}]}', {"a": ["..."]}),
        ('{"a": { {% for x in y %}"b": 1{% endfor %}}}', {"a": OPEN}),
        ('{"a": {% if x %}1{% else %}[2]{% endif %}, "b": 1}', {"a": "?", "b": 1}),
        ('{% if x %}{"a": 1}{% endif %}', {"a": 1}),
        ('{{- if .x }}\n{"a": {{ .y | toJson }}}\n{{- end }}', {"a": "?"}),
        # ERB, Terraform, Mustache
        (
            '{"a": [<% x.each do |y| %>{"b": "<%= y %>"}<% end %>], "c": <%= x %>, "d": "a-<%= b %>"}',
            {"a": [{"b": "?"}, "..."], "c": "?", "d": "a-?"},
        ),
        (
            '{"a": [%{ for x in y }{"b": 1}%{ if x },%{ endif }%{ endfor }], "c": "%{ if x }a%{ endif }", "d": 1}',
            {"a": [{"b": 1}, "..."], "c": "?", "d": 1},
        ),
        ('{"a": [{{#x}}{"b": 1}{{^y}},{{/y}}{{/x}}], "c": {{{x}}}}', {"a": ["..."], "c": "?"}),
    ],
)
def test_json(text: str, spec: Any) -> None:
    assert read_as("a.json", text) == spec


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize(
    "text",
    ["%(x)s", "s3://%(bucket)s/x", "${X}", "{{ x }}", "a{% x %}", "<%= x %>", "%{ if x }a%{ endif }"]
    + ["a-$(Build.BuildNumber)", "@@NAME@@", "#{Name}", "s3://__BUCKET_NAME__/x"],
)
def test_texts_that_are_templates(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize(
    "text",
    ["%s", "100%", "%(x", "%()s", "50% (x)s", "{x}", "$X", "{{", "}} {{", "<% x", "%> <%"]
    + ["$(", "$()", "$(a b)", "a@@b", "@@@@", "#{}", "# {x}", "____", "__init__", "%NAME%"],
)
def test_texts_that_are_none(text: str) -> None:
    assert not is_template(text)


UNENDED = "{% %{ <% <%= {{ ${ $ $( $(a #{a __A @@a { {a ${{a} <%=a%> %{a}"


@pytest.mark.parametrize("part", UNENDED.split())
def test_the_pieces_of_a_text_are_found_in_linear_time(part: str) -> None:
    few, many = (steps_of(partial(template_text, "{{ x }}" + part * count)) for count in (40, 80))
    assert sum(many.values()) <= 2.3 * sum(few.values())


def test_old_formatting_is_unknown() -> None:
    assert not findings("a.json", '{"AlgorithmName": "%(name)s", "TrainingSpecification": ""}') & {
        ("pattern-mismatch", "/AlgorithmName")
    }


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: {% if x %}\n  - b\n c: {{ d }}\n"),
        ("a.yaml", "{% if x %}{% endif %}\n"),
        ("a.json", '{"a": {{ x }} "b": 1}'),
        ("a.json", "{{ x }}: 1"),
    ],
)
def test_the_error_of_an_unreadable_template_names_templates(name: str, text: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source(name, text))
    assert "template" in caught.value.message


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", '{"a": "{{ x }}",}'), ("a.yaml", "a: [1\nb: '{{ x }}'\n")]
)
def test_marks_in_strings_are_no_excuse(name: str, text: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source(name, text))
    assert "template" not in caught.value.message


# ---------------------------------------------------------------- findings


def test_line_ends_do_not_matter() -> None:
    text = (
        "# {{ a }}\nAlgorithmName: 'x {{ b }}'\n{% if c %}\nAlgorithmDescription: d\n{% endif %}\nTags: []\n"
    )
    expected = read(Source("a.yaml", text))[0].spec
    assert expected.keys() == {"AlgorithmName", "Tags"}
    for end in ("\r\n", "\r"):
        assert plain(read(Source("a.yaml", text.replace("\n", end)))[0].spec) == plain(expected)


HELM = """\
{{- if .Values.enabled }}
AlgorithmName: {{ include "chart.name" . }}
TrainingSpecification:
  TrainingImage: {{ .Values.image.repository }}:{{ .Values.image.tag }}
  SupportedTrainingInstanceTypes:
    {{- range .Values.types }}
    - {{ . }}
    {{- end }}
    - ml.m5.xlarg
  SupportedHyperParameters:
    {{- toYaml .Values.hyperparameters | nindent 4 }}
  TrainingChannels:
    - Name: tra in
      SupportedContentTypes: [{{ .Values.type }}, text/csv]
      SupportedInputModes: [FILE]
      {{- with .Values.required }}
      IsRequired: {{ . }}
      {{- end }}
{{- end }}
"""


def test_findings_stand_where_they_stand_in_the_template() -> None:
    training = "/TrainingSpecification"
    assert located("chart.yaml", HELM) == {
        ("unknown-instance-type", f"{training}/SupportedTrainingInstanceTypes/1"): "ml.m5.xlarg",
        ("pattern-mismatch", f"{training}/TrainingChannels/0/Name"): "tra in",
        ("unknown-value", f"{training}/TrainingChannels/0/SupportedInputModes/0"): "FILE",
    }


def test_a_template_in_a_template() -> None:
    text = (
        "Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n"
        "      AlgorithmName: {{ name }}\n      TrainingSpecification:\n        TrainingImage: a b\n"
        "{% for t in tags %}\n{% endfor %}\n"
    )
    assert ("image-malformed-reference", "/TrainingSpecification/TrainingImage") in located("t.yaml", text)


def test_no_fix_touches_a_template(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HELM, encoding="utf-8")
    done = algolint("--fix", "--unsafe-fixes", "a.yaml")
    assert done.returncode == 1
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == HELM


# ---------------------------------------------------------------- hiding

REQUESTS = [
    path
    for path in sorted([*FIXTURES.glob("clean/*"), *FIXTURES.glob("faulty/*")])
    if path.suffix in (".yaml", ".json") and "{{" not in path.read_text(encoding="utf-8")
]


def leaves(text: str) -> list[tuple[int, int, Any]]:
    """Return every plain value of the file's first document, with its span."""
    document = read(Source("a.yaml", text))[0]
    found = []

    def visit(value: Any, path: tuple[str | int, ...]) -> None:
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, item in items:
            visit(item, (*path, step))
        if not isinstance(value, (dict, list)):
            found.append((*document.locate(path), value))

    visit(document.spec, ())
    return found


@pytest.mark.parametrize("share", shares(24))
@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.name)
def test_an_expression_for_a_value_never_adds_a_problem(path: Path, share: Share) -> None:
    text = path.read_text(encoding="utf-8")
    before = findings(path.name, text)
    for start, end, _ in share(leaves(text)[::3]):
        for hidden in ("{{ x }}", "{% if x %}1{% else %}'a'{% endif %}"):
            after = findings(path.name, text[:start] + hidden + text[end:])
            assert not added(after, before), (text[start:end], hidden)


@pytest.mark.parametrize("share", shares(24))
@pytest.mark.parametrize("path", [p for p in REQUESTS if p.suffix == ".yaml"], ids=lambda path: path.name)
def test_a_condition_around_an_entry_never_adds_a_problem(path: Path, share: Share) -> None:
    text = path.read_text(encoding="utf-8")
    before = without_indexes(findings(path.name, text))
    lines = text.split("\n")
    for first, line in share(enumerate(lines)):
        indent = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith(("#", "---")):
            continue
        last = first + 1
        while (
            last < len(lines)
            and lines[last].strip()
            and len(lines[last]) - len(lines[last].lstrip()) > indent
        ):
            last += 1
        changed = [*lines[:first], "{% if x %}", *lines[first:last], "{% endif %}", *lines[last:]]
        after = without_indexes(findings(path.name, "\n".join(changed)))
        if ("invalid-syntax", "") in after:
            # An entry whose first line is the list's dash leaves the others without one.
            assert line.lstrip().startswith("- ") or last == first + 1
            continue
        assert not added(after, before), line


LOOPS = """\
AlgorithmName: a
TrainingSpecification:
  TrainingImage: {{ image }}
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  SupportedHyperParameters:
    - Name: depth
      Type: Integer
    {%- for hp in hyperparameters %}
    - Name: {{ hp.name }}
      Type: Float
      {% if hp.default is defined %}
      DefaultValue: "{{ hp.default }}"
      {% endif %}
    {%- endfor %}
  TrainingChannels:
    {% for c in channels %}
    - Name: {{ c.name }} data
      SupportedContentTypes: [text/csv]
      SupportedInputModes:
        {% for mode in c.modes %}
        - {{ mode }}
        {% endfor %}
        - FILE
      IsRequierd: true  # algolint: ignore[unknown-field]
    {% endfor %}
Tags:
  {% for t in tags %}
  - Key: {{ t.key }}
  {% endfor %}
"""


def test_what_a_loop_repeats_is_linted() -> None:
    training = "/TrainingSpecification"
    found = located("a.yaml", LOOPS)
    assert found == {
        ("unknown-value", f"{training}/SupportedHyperParameters/1/Type"): "Float",
        ("pattern-mismatch", f"{training}/TrainingChannels/0/Name"): "{{ c.name }} data",
        ("unknown-value", f"{training}/TrainingChannels/0/SupportedInputModes/1"): "FILE",
        ("unknown-field", f"{training}/TrainingChannels/0/IsRequierd"): "IsRequierd",
        ("missing-field", "/Tags/0"): "Key",
    }


def test_a_comment_in_a_loop_suppresses() -> None:
    source = Source("a.yaml", LOOPS)
    session = Session(SettingsFinder({}, isolated=True))
    found = session.lint(source.name, True, source).diagnostics
    assert "unused-suppression" not in {d.rule.name for d in found}
    assert "unknown-field" not in {d.rule.name for d in found}
    text, left = add_ignores(source, found)
    assert not left
    assert not session.lint(source.name, True, Source(source.name, text)).diagnostics


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("{{- if .Values.enabled }}", "{{- end }}"), ("{% for x in y %}", "{% endfor %}")],
)
def test_a_statement_is_no_text_of_the_block_scalar_above_it(opening: str, closing: str) -> None:
    items = "- Name: a\n  Description: >-\n    a text\n    of lines\n"
    (item,) = read_as("a.yaml", f"{opening}\n{items}{closing}\n")[:1]
    assert item == {"Name": "a", "Description": "a text of lines"}


@pytest.mark.parametrize("share", shares(24))
@pytest.mark.parametrize("path", [p for p in REQUESTS if p.suffix == ".yaml"], ids=lambda path: path.name)
def test_a_loop_around_items_only_opens_the_list(path: Path, share: Share) -> None:
    """It never adds a problem, and what is wrong in an item alone is still found."""
    text = path.read_text(encoding="utf-8")
    before = without_indexes(findings(path.name, text))
    lines = text.split("\n")
    for first, line in share(enumerate(lines)):
        if not line.lstrip().startswith("- "):
            continue
        indent = len(line) - len(line.lstrip())
        last = first + 1
        while last < len(lines) and lines[last].startswith(" " * (indent + 1)):
            last += 1
        changed = [*lines[:first], "{% for x in y %}", *lines[first:last], "{% endfor %}", *lines[last:]]
        after = without_indexes(findings(path.name, "\n".join(changed)))
        assert not added(after, before), line


PARTS = [
    "<%",
    "%>",
    "%{",
    "{{#",
    "{{",
    "}}",
    "{%",
    "%}",
    "if",
    "endif",
    "{#",
    "#}",
    "a",
    ": ",
    "- ",
    "\n",
    '"',
    "'",
    " ",
    "{",
    "}",
    "[",
    ",",
]


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_no_template_is_too_strange(text: str) -> None:
    for name in ("a.yaml", "a.json"):
        try:
            documents = read(Source(name, text))
        except SourceSyntaxError:
            continue
        for document in documents:
            json.dumps(plain(document.spec), default=str)
            assert document.locate(()) <= (len(text), len(text))


# ---------------------------------------------------------------- engines

SPEC = """\
AlgorithmName: NAME
AlgorithmDescription: Forecasts.
TrainingSpecification:
  TrainingImage: IMAGE
PARAMETERS  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.m5.2xlarge]
  TrainingChannels:
    - {Name: train, Description: Rows., SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
"""
PARAMETER = "    - Name: NAME\n      Description: x.\n      Type: Integer\n"
# How a name is written, and what makes a list of hyperparameters, or nothing.
ENGINES: dict[str, tuple[str, str, str]] = {
    "Helm": ("{{ .Values.name }}", "  {{- range .Values.x }}\n", "  {{- end }}\n"),
    "Helm, by key": ('{{ include "c.name" . | quote }}', "  {{- range $k, $v := .x }}\n", "  {{- end }}\n"),
    "Jinja": ("{{ name }}", "{% for x in y %}\n", "{% endfor %}\n"),
    "Jinja, without white space": ("{{- name -}}", "  {%- for x in y -%}\n", "  {%- endfor %}\n"),
    "Ansible": ('"{{ name | default(omit) }}"', "{% for x in y if x.on %}\n", "{% endfor %}\n"),
    "cookiecutter": ("{{cookiecutter.name}}", "{%- for x in cookiecutter.y %}\n", "{%- endfor %}\n"),
    "ERB": ("<%= name %>", "<%- @x.each do |y| -%>\n", "<%- end -%>\n"),
    "Terraform": ("${name}", "%{ for x in y ~}\n", "%{ endfor ~}\n"),
    "Mustache": ("{{name}}", "{{#x}}\n", "{{/x}}\n"),
    "Handlebars": ("{{{name}}}", "{{#each x}}\n", "{{/each}}\n"),
    "envsubst": ("${NAME}", "", ""),
    "a default in a shell": ("${NAME:-x}", "", ""),
    "Serverless": ("${self:service}-${opt:stage}", "", ""),
    "Azure Pipelines": ("$(Build.BuildNumber)", "", ""),
    "Azure's parameters": ("${{ parameters.name }}", "", ""),
    "GitHub Actions": ("${{ github.event.inputs.name }}", "", ""),
    "Kustomize": ("$(NAME)", "", ""),
    "Octopus": ("'#{Name}'", "", ""),
    "replaced tokens": ("'@@NAME@@'", "", ""),
    "other replaced tokens": ("__NAME__", "", ""),
    "Python": ("'%(name)s'", "", ""),
}


def faults_of(text: str) -> set[str]:
    found = Session(SettingsFinder({}, isolated=True)).lint("a.yaml", True, Source("a.yaml", text))
    return {f"{diagnostic.rule.name}: {diagnostic.message}" for diagnostic in found.diagnostics}


@pytest.mark.parametrize("engine", ENGINES)
def test_templates_as_people_write_them(engine: str) -> None:
    name, opening, closing = ENGINES[engine]
    listed = "  SupportedHyperParameters:\n" + opening + PARAMETER + closing if opening else ""
    text = SPEC.replace("PARAMETERS", listed).replace("NAME", name).replace("IMAGE", name)
    assert not faults_of(text)
    faults = {"ml.m5.2xlarge": "ml.m5.2xlarg", "SupportedInputModes": "SupportedInputMode"}
    # Which of the hyperparameters a section of Mustache has is not known.
    if opening and "{{#" not in opening:
        faults["Type: Integer"] = "Type: Integr"
    for right, wrong in faults.items():
        assert faults_of(text.replace(right, wrong)), wrong
