import { script } from '@bomb.sh/tab';
import { printed } from './printed.js';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** What a shell has to load. It calls `verge complete -- words…`. */
export function scriptFor(shell: (typeof shells)[number]): string {
  const text = printed(() => script(shell, 'verge', 'verge'));
  // It may be loaded twice, and where the package bash-completion is not.
  return shell === 'bash' ? WORDS + text.replaceAll(/^readonly /gm, '') : text;
}

const WORDS = `# Of the package bash-completion; enough of it where that is not installed.
if ! declare -F _get_comp_words_by_ref > /dev/null; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=\${COMP_WORDS[COMP_CWORD]}
        prev=\${COMP_WORDS[COMP_CWORD - 1]}
    }
fi

`;
