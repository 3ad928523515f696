import { useId } from 'react';
import { baseUrl } from '../api/base-url.js';
import { CopyButton } from '../ui/copy-button.js';
import { codeFor, languageNames, type Language } from './code.js';
import type { ShownRequest } from './shown-request.js';
import { useLanguage } from './use-language.js';
import styles from './code-panel.module.css';

/** Requests as code that makes them, in the language that the reader chose. */
export function CodePanel({ requests }: { requests: readonly ShownRequest[] }) {
  const [language, choose] = useLanguage();
  const name = useId();
  return (
    <div className={styles.panel}>
      <fieldset className={styles.languages}>
        <legend className={styles.legend}>Language</legend>
        {languageNames.map((one) => (
          <label key={one.language} className={styles.language}>
            <input type="radio" name={name} checked={one.language === language} onChange={() => choose(one.language)} />
            {one.name}
          </label>
        ))}
      </fieldset>
      <p className={styles.note}>
        It reads your key from the environment’s <code>VERGEAI_API_KEY</code>
        {language === 'cli' && (
          <>
            , or from what <code>verge login</code> has kept
          </>
        )}
        .
      </p>
      {requests.map((request) => {
        const code = written(request, language);
        return (
          <figure key={request.title} className={styles.request}>
            <figcaption className={styles.caption}>
              <span>{request.title}</span>
              {code.text !== undefined && <CopyButton text={code.text} what={`code: ${request.title}`} />}
            </figcaption>
            {request.note !== undefined && <p className={styles.note}>{request.note}</p>}
            {code.text === undefined ? (
              <p className={styles.note}>{code.why}</p>
            ) : (
              // Long lines are scrolled to, by keys too.
              <pre className={styles.code} tabIndex={0} role="region" aria-label={request.title}>
                <code>{code.text}</code>
              </pre>
            )}
          </figure>
        );
      })}
    </div>
  );
}

/** What the client refuses has no code. */
function written(request: ShownRequest, language: Language): { readonly text: string; readonly why?: undefined } | { readonly text?: undefined; readonly why: string } {
  try {
    return { text: codeFor(language, request.operation, request.input, baseUrl) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
