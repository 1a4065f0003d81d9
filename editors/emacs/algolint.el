;;; algolint.el --- Lint Amazon SageMaker CreateAlgorithm specs  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "27.1"))
;; URL: https://github.com/algolint/algolint
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; M-x algolint lints a folder in a compilation buffer.
;; (add-hook 'yaml-mode-hook #'algolint-flymake-setup) lints a buffer while it is edited.

;;; Code:

(require 'compile)
(require 'flymake)
(require 'json)

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

(defvar-local algolint--process nil)

;;;###autoload
(defun algolint-flymake-setup ()
  "Lint this buffer with Flymake."
  (add-hook 'flymake-diagnostic-functions #'algolint-flymake nil t)
  (flymake-mode 1))

(defun algolint-flymake (report &rest _)
  "Lint this buffer and give REPORT its findings: a Flymake backend."
  (let ((running algolint--process))
    ;; First, as `delete-process' runs the sentinel, and Flymake refuses the report of an older check.
    (setq algolint--process nil)
    (when (process-live-p running)
      (delete-process running)))
  (let ((source (current-buffer))
        (name (if buffer-file-name (file-name-nondirectory buffer-file-name) "<stdin>")))
    (setq algolint--process
          (make-process
           :name "algolint-flymake" :buffer (generate-new-buffer " *algolint-flymake*")
           :connection-type 'pipe :noquery t :coding 'utf-8-unix :stderr (get-buffer-create " *algolint-stderr*")
           :command (list algolint-program "--format" "json-lines" "--extend-ignore" "not-an-algorithm"
                          "--stdin-filename" name "-")
           :sentinel
           (lambda (process _event)
             (unless (process-live-p process)
               (unwind-protect
                   (when (and (buffer-live-p source)
                              (eq process (buffer-local-value 'algolint--process source)))
                     (funcall report (algolint--diagnostics source (process-buffer process))))
                 (kill-buffer (process-buffer process)))))))
    (save-restriction
      (widen)
      (process-send-region algolint--process (point-min) (point-max)))
    (process-send-eof algolint--process)))

(defun algolint--diagnostics (source output)
  "The Flymake diagnostics for the buffer SOURCE in OUTPUT, an object a line."
  (let ((rows (with-current-buffer output
                (mapcar (lambda (line) (json-parse-string line :object-type 'alist :null-object nil))
                        (split-string (buffer-string) "\n" t)))))
    (delq nil
          (mapcar
           (lambda (row)
             (let-alist row
               (when .line
                 (flymake-make-diagnostic
                  source
                  (algolint--position source .line .column)
                  (algolint--position source .end_line .end_column)
                  (pcase .severity ("error" :error) ("warning" :warning) (_ :note))
                  (format "%s [%s]" .message .rule)))))
           rows))))

(defun algolint--position (source line column)
  "The position in the buffer SOURCE of a LINE and a COLUMN, both from 1."
  (with-current-buffer source
    (save-excursion
      (save-restriction
        (widen)
        (goto-char (point-min))
        (forward-line (1- line))
        (min (line-end-position) (+ (point) (1- column)))))))

(provide 'algolint)
;;; algolint.el ends here
