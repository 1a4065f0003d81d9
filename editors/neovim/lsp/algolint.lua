-- algolint's language server, for Neovim 0.11 or newer: vim.lsp.enable("algolint")
return {
  cmd = { "algolint", "server" },
  filetypes = { "json", "yaml", "python", "terraform", "opentofu", "typescript", "javascript", "sh", "make" },
  root_markers = { "algolint.toml", "pyproject.toml", ".git" },
  -- Rules of packs and rule folders of a workspace are code; set this for your own.
  init_options = { trusted = false },
}
