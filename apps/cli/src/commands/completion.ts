import { scriptFor, shells } from '../complete/script.js';
import { text } from '../output/result.js';
import { command } from '../program/command.js';
import { oneOf } from '../program/one-of.js';

export default command({
  examples: ['verge completion bash > ~/.verge-completion', 'verge completion zsh', 'verge completion fish', 'verge completion powershell'],
  details:
    'For bash: source <(verge completion bash), in ~/.bashrc. For zsh: source <(verge completion zsh), in ~/.zshrc after compinit. For fish: verge completion fish > ~/.config/fish/completions/verge.fish. For PowerShell: verge completion powershell | Out-String | Invoke-Expression, in $PROFILE.',
  takes: (it) => it.argument('<shell>', shells.join(', '), oneOf(shells)),
  run: (_, [shell]) => text(scriptFor(shell)),
});
