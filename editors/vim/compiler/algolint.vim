" Vim compiler file
" Compiler: algolint, a linter for Amazon SageMaker CreateAlgorithm specs
" Use:      :compiler algolint, then :make for the current folder or :make %:S for the current file

if exists('current_compiler')
  finish
endif
let current_compiler = 'algolint'

let s:keep = &cpoptions
set cpoptions&vim

CompilerSet makeprg=algolint\ --format\ concise\ --color\ never\ $*
CompilerSet errorformat=%-G\ %.%#,%f:%l:%c:\ %t%*[a-z]:\ %m

let s:format = '%-G %.%#,%f:%l:%c: %t%*[a-z]: %m'

" algolint counts characters, the quickfix list counts bytes.
function! s:CountBytes(local) abort
  if &errorformat !=# s:format
    return
  endif
  let l:files = {}
  let l:items = a:local ? getloclist(0) : getqflist()
  for l:item in l:items
    if !l:item.valid || l:item.col == 0
      continue
    endif
    let l:name = bufname(l:item.bufnr)
    if !has_key(l:files, l:name)
      let l:files[l:name] = filereadable(l:name) ? readfile(l:name) : []
    endif
    let l:line = substitute(get(l:files[l:name], l:item.lnum - 1, ''), '^\%ufeff', '', '')
    let l:bytes = byteidxcomp(l:line, l:item.col - 1)
    if l:bytes >= 0
      let l:item.col = l:bytes + 1
    endif
  endfor
  if a:local
    call setloclist(0, [], 'r', {'items': l:items})
  else
    call setqflist([], 'r', {'items': l:items})
  endif
endfunction

augroup algolint
  autocmd!
  autocmd QuickFixCmdPost make,cfile,cgetfile call s:CountBytes(0)
  autocmd QuickFixCmdPost lmake,lfile,lgetfile call s:CountBytes(1)
augroup END

let &cpoptions = s:keep
unlet s:keep
