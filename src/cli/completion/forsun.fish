# fish completion for forsun: forsun completion fish | source, or
# forsun completion fish > ~/.config/fish/completions/forsun.fish

function __forsun_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r 'd$' '' -- $words[1])
    set -l lines ($program complete -- $argv $words[2..-1] "$current" 2>/dev/null)
    if test $status -eq 3
        __fish_complete_path "$current"
        return
    end
    string join -- \n $lines
end

complete -c forsun -f -a '(__forsun_complete)'
complete -c forsund -f -a '(__forsun_complete serve)'
