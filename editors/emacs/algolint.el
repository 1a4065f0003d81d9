;;; algolint.el --- Lint Amazon SageMaker CreateAlgorithm specs  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "27.1"))
;; URL: https://github.com/algolint/algolint
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; M-x algolint lints a folder in a compilation buffer.
;; (algolint-eglot-setup) and M-x eglot lint a buffer while it is edited, fix and complete.

;;; Code:

(require 'compile)

(defvar eglot-server-programs)

(defgroup algolint nil
  "Lint Amazon SageMaker CreateAlgorithm specs."
  :group 'tools)

(defcustom algolint-program "algolint"
  "The algolint program."
  :type 'string)

(defconst algolint-error-regexp
  '("^\\([^ \t\n].*?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(info\\)\\): \\(.+\\) \\[\\([[:alnum:]./_-]+\\)\\]$"
    1 2 3 (4 . 5))
  "The first line of a finding, for `compilation-error-regexp-alist'.
Groups 6 and 7 are the message and the rule.")

;; For \\[compile] too.  There Emacs takes the column for a screen column, see
;; `compilation-error-screen-columns'.
(add-to-list 'compilation-error-regexp-alist-alist (cons 'algolint algolint-error-regexp))
(add-to-list 'compilation-error-regexp-alist 'algolint)

(define-compilation-mode algolint-mode "algolint"
  "The findings of algolint."
  (setq-local compilation-error-regexp-alist '(algolint))
  ;; algolint counts characters, as Emacs does with this.
  (setq-local compilation-error-screen-columns nil)
  ;; Advice is only there when it was asked for; `next-error' passes over it by default.
  (setq-local compilation-skip-threshold 0))

;;;###autoload
(defun algolint (folder)
  "Lint the algorithm specs of FOLDER."
  (interactive "DLint the specs of folder: ")
  (let ((default-directory (file-name-as-directory (expand-file-name folder))))
    (compilation-start (concat (shell-quote-argument algolint-program) " --format concise --color never")
                       #'algolint-mode)))

;;;###autoload
(defun algolint-eglot-setup ()
  "Make Eglot use algolint in buffers of YAML and JSON."
  (with-eval-after-load 'eglot
    (add-to-list 'eglot-server-programs
                 `((yaml-mode yaml-ts-mode json-mode js-json-mode json-ts-mode)
                   . (,algolint-program "server")))))

(provide 'algolint)
;;; algolint.el ends here
