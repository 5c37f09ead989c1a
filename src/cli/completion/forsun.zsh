#compdef forsun forsund
# zsh completion for forsun: source <(forsun completion zsh), behind compinit; or
# forsun completion zsh > "${fpath[1]}/_forsun"

_forsun() {
  local program=${(Q)words[1]} output line
  local -a typed values shown open
  typed=("${(@Q)words[2,CURRENT]}")
  if [[ ${program:t} == forsund ]]; then
    program=${program%d}
    typed=(serve "${(@)typed}")
  fi
  program=${program/#\~/$HOME}
  output=$($program complete -- "${(@)typed}" 2>/dev/null)
  if (( $? == 3 )); then
    _files
    return
  fi
  for line in "${(@f)output}"; do
    [[ -z $line ]] && continue
    if [[ ${line%%$'\t'*} == *[/=] ]]; then
      open+=("${line%%$'\t'*}")
    else
      values+=("${line%%$'\t'*}")
      shown+=("${line/$'\t'/  -- }")
    fi
  done
  (( $#values )) && compadd -l -d shown -a -- values
  (( $#open )) && compadd -S '' -a -- open
}

if [[ ${funcstack[1]} == _forsun ]]; then
  _forsun "$@"
elif (( $+functions[compdef] )); then
  compdef _forsun forsun forsund
fi
