"""A session in real editors with their own clients: hover, complete, fix, rename, ignore with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from locations import POSIX, emacs, needs, run, with_program

SPEC = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.m5.3xlarge]
  SupportedHyperParameters:
    - {Name: context_length, Type: Integer, DefaultValue: "12"}
  MetricDefinitions:
    - {Name: "test:mape", Regex: "mape=([0-9.]+)"}
  SupportedTuningJobObjectiveMetrics:
    - {Type: Minimize, MetricName: "test_mape"}
  TrainingChannels:
    - {Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
ValidationSpecification:
  ValidationRole: arn:aws:iam::246618743249:role/A
  ValidationProfiles:
    - ProfileName: small
      TrainingJobDefinition:
        TrainingInputMode: File
        HyperParameters: {context_length: "12"}
        InputDataConfig:
          - ChannelName: tra
"""
#: The resulting text: completed, fixed, renamed, and with a finding suppressed.
AFTER = (
    SPEC.replace("ChannelName: tra\n", "ChannelName: train\n")
    .replace('MetricName: "test_mape"', 'MetricName: "test:mape"')
    .replace("context_length", "history_length")
    .replace("ml.m5.3xlarge]", "ml.m5.3xlarge]  # algolint: ignore[unknown-instance-type] TODO: reason")
)

_NEOVIM = """\
local function guarded(step)
  return function()
    local is_done, failure = xpcall(step, debug.traceback)
    if not is_done then
      io.stderr:write(failure)
      vim.cmd("cquit!")
    end
  end
end
local function walk()
vim.cmd("edit algorithm.yaml")
local config = dofile(vim.env.CONFIG)
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "algolint", cmd = config.cmd, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(buffer, client)
local function wait(is_done) assert(vim.wait(20000, is_done, 20), "nothing came") end
wait(function() return #vim.diagnostic.get(buffer) > 0 end)
local function go(text, extra)
  vim.fn.cursor(1, 1)
  vim.fn.search(text)
  local place = vim.api.nvim_win_get_cursor(0)
  vim.api.nvim_win_set_cursor(0, { place[1], place[2] + (extra or 0) })
end
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params or vim.lsp.util.make_position_params(), 20000)
  return answers[client].result
end
local encoding = vim.lsp.get_client_by_id(client).offset_encoding
local function act(title)
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  for _, action in ipairs(ask("textDocument/codeAction", params)) do
    if action.title:find(title, 1, true) then
      vim.lsp.util.apply_workspace_edit(action.edit, encoding)
      return
    end
  end
  error("no action " .. title)
end
local seen = {}
go("SupportedTrainingInstanceTypes")
seen.hover = table.concat(vim.lsp.util.convert_input_to_markdown_lines(ask("textDocument/hover").contents), " ")
go("ChannelName: tra", 16)
vim.bo.omnifunc = "v:lua.vim.lsp.omnifunc"
vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes("A<C-x><C-o>", true, false, true), "n", false)
vim.defer_fn(guarded(function()
  seen.offered = vim.tbl_map(function(item) return item.word end, vim.fn.complete_info().items)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes("<C-y><Esc>", true, false, true), "n", false)
  vim.defer_fn(guarded(function()
    go("test_mape")
    act("change to 'test:mape'")
    go("context_length")
    vim.lsp.buf.rename("history_length")
    wait(function() return vim.fn.search("context_length", "nw") == 0 end)
    go("ml.m5.3xlarge")
    act("ignore unknown-instance-type here")
    seen.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\\n") .. "\\n"
    io.stdout:write(vim.fn.json_encode(seen))
    vim.cmd("qa!")
  end), 500)
end), 2000)
end
guarded(walk)()
"""

_EGLOT = """
(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa/*")) (add-to-list 'load-path folder))
(unless (and (locate-library "eglot") (locate-library "yaml-mode")) (princ "null") (kill-emacs))
(require 'algolint)
(require 'yaml-mode)
(require 'eglot)
(algolint-eglot-setup)
(setq eglot-sync-connect 20)
(find-file "algorithm.yaml")
(yaml-mode)
(call-interactively #'eglot)
(defun wait (done)
  (let ((end (+ (float-time) 20)))
    (while (and (not (funcall done)) (< (float-time) end)) (accept-process-output nil 0.05))
    (unless (funcall done) (error "nothing came"))))
(defun go (text) (goto-char (point-min)) (search-forward text) (backward-char 2))
(defun act (title)
  (eglot--signal-textDocument/didChange)
  (let ((action (seq-find (lambda (action) (string-search title (plist-get action :title)))
                          (append (eglot-code-actions (point) (point)) nil))))
    (unless action (error "no action %s" title))
    (eglot--apply-workspace-edit (plist-get action :edit))))
(wait (lambda () (flymake-start) (flymake-diagnostics)))
(let (hover offered)
  (go "SupportedTrainingInstanceTypes")
  (eglot-hover-eldoc-function (lambda (text &rest _) (setq hover (substring-no-properties text))))
  (wait (lambda () hover))
  (go "ChannelName: tra")
  (end-of-line)
  (let ((found (eglot-completion-at-point)))
    (setq offered (all-completions "" (nth 2 found))))
  (completion-at-point)
  (go "test_mape")
  (act "change to 'test:mape'")
  (go "context_length")
  (eglot--signal-textDocument/didChange)
  (eglot-rename "history_length")
  (go "ml.m5.3xlarge")
  (act "ignore unknown-instance-type here")
  (princ (json-encode `((hover . ,hover) (offered . ,(vconcat offered))
                        (text . ,(buffer-substring-no-properties (point-min) (point-max)))))))
(set-buffer-modified-p nil)
"""


def by_neovim(folder: Path, scratch: Path) -> Any:
    script = scratch / "walk.lua"
    script.write_text(_NEOVIM)
    environment = with_program(scratch / "bin") | {"CONFIG": str(ROOT / "editors/neovim/lsp/algolint.lua")}
    command = (needs("nvim"), "--headless", "-u", "NONE", "-n", "-c", f"luafile {script}")
    done = run(*command, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_eglot(folder: Path, scratch: Path) -> Any:
    seen = emacs(folder, scratch, _EGLOT)
    if seen is None:
        pytest.skip("Emacs is here without Eglot or yaml-mode")
    return seen


@POSIX
@pytest.mark.parametrize("walk", [pytest.param(by_neovim, marks=pytest.mark.slow), by_eglot])
def test_a_walk_in_an_editor(walk: Callable[[Path, Path], Any], tmp_path: Path) -> None:
    folder, scratch = tmp_path / "specs", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    (folder / "algorithm.yaml").write_text(SPEC)
    seen = walk(folder, scratch)
    assert "SupportedTrainingInstanceTypes" in seen["hover"]
    assert "required" in seen["hover"]
    assert seen["offered"] == ["train"]
    assert seen["text"] == AFTER


_STARTED = """\
local function seen() return #vim.diagnostic.get(0) > 0 end
if not vim.wait(20000, seen, 20) then vim.cmd("cquit!") end
io.stdout:write(vim.fn.json_encode({ vim.bo.omnifunc, #vim.api.nvim_buf_get_keymap(0, "n") }))
vim.cmd("qa!")
"""


@POSIX
def test_the_settings_of_the_guide_start_the_server_in_neovim(tmp_path: Path) -> None:
    guide = (ROOT / "docs/editors.md").read_text()
    block = guide.partition("<!-- neovim -->\n```lua\n")[2].partition("```")[0]
    assert "start_client" in block
    (tmp_path / "init.lua").write_text(block)
    (tmp_path / "started.lua").write_text(_STARTED)
    (tmp_path / "algorithm.yaml").write_text(SPEC)
    command = (
        needs("nvim"),
        "--headless",
        "-u",
        "init.lua",
        "-n",
        "algorithm.yaml",
        "-c",
        "luafile started.lua",
    )
    done = run(*command, cwd=tmp_path, env=with_program(tmp_path / "bin"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["v:lua.vim.lsp.omnifunc", 3]
