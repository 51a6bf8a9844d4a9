/**
 * What a shell runs to complete `blockledger`: it asks the program itself, which answers one word a line, or `//files`. Words are never
 * evaluated: a name that somebody gave a volume must not become a command in another's shell.
 */

const bash = `# Completion of blockledger for bash. Try it: source <(blockledger completion bash)
# The names of snapshots, volume@snapshot, are one word.
COMP_WORDBREAKS=\${COMP_WORDBREAKS//[@:]}
_blockledger() {
  local line quoted
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == //files ]]; then
      compopt -o default
      return
    fi
    printf -v quoted '%q' "$line"
    COMPREPLY+=("$quoted")
  done < <(blockledger complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _blockledger blockledger
`;

const zsh = `#compdef blockledger
# Completion of blockledger for zsh. Try it: source <(blockledger completion zsh)
_blockledger() {
  local -a lines
  lines=("\${(@f)$(blockledger complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == //files ]]; then
    _files
    return
  fi
  [[ -n $lines[1] ]] && _describe -t words blockledger lines
}
compdef _blockledger blockledger
`;

const fish = `# Completion of blockledger for fish. Try it: blockledger completion fish | source
function __blockledger_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l lines (blockledger complete fish -- $words[2..-1] 2>/dev/null)
  if test "$lines[1]" = //files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $lines
  end
end
complete -c blockledger -f -a '(__blockledger_complete)'
`;

/** The script for each shell. */
export const scripts = { bash, zsh, fish } as const;

/** Shells that are known. */
export type Shell = keyof typeof scripts;
