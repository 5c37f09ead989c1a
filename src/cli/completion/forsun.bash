# bash completion for forsun: source <(forsun completion bash)

_forsun_complete() {
  local program=${1/#\~/$HOME} rest=${COMP_LINE:0:COMP_POINT} word i
  local -a words=()
  shift
  # COMP_WORDBREAKS splits at : and =, which keys have: what nothing stands
  # between is put together again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
      rest=${rest#"${rest%%[![:blank:]]*}"}
      words+=("")
    fi
    [[ ${#word} -gt ${#rest} ]] && word=$rest
    words[-1]+=$word
    rest=${rest#"$word"}
  done

  local current=${words[-1]} output status line value head=
  output=$("$program" complete -- "$@" "${words[@]:1}" 2>/dev/null)
  status=$?
  COMPREPLY=()
  if ((status == 3)); then
    compopt -o bashdefault -o default 2>/dev/null
    return
  fi
  [[ $COMP_WORDBREAKS == *:* ]] && head=${current%"${current##*[:=]}"}
  while IFS= read -r line; do
    value=${line%%$'\t'*}
    [[ -z $value ]] && continue
    [[ $value == *[/=] ]] && compopt -o nospace 2>/dev/null
    printf -v value %q "${value#"$head"}"
    COMPREPLY+=("$value")
  done <<<"$output"
}

_forsun() { _forsun_complete "$1"; }
_forsund() { _forsun_complete "${1%d}" serve; }

complete -F _forsun forsun
complete -F _forsund forsund
