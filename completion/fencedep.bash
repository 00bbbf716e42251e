# Completion for fencedep in bash: the program itself knows what a word may become.
# Installed where bash-completion looks. Without it, put into ~/.bashrc: . /usr/share/bash-completion/completions/fencedep

_fencedep() {
  local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} words before candidate
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=("")
  # Bash splits words at '=' and ':', and replaces the last part only.
  [[ $word != [=:] ]] || word=
  before=${words[-1]}
  before=${before%"$word"}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    COMPREPLY+=("${candidate#"$before"}")
  done < <("${1/#\~/$HOME}" --complete "${words[@]:1}" 2>/dev/null)
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}

# Where the program has nothing to say, a file is meant.
complete -o bashdefault -o default -F _fencedep fencedep
