import { APIError } from '@vergeai/sdk';
import { baseUrl } from '../api/base-url.js';
import { api } from '../api/client.js';
import { element, required } from './element.js';
import { fillExamples, type OwnIds } from './filled.js';
import { keep, kept } from './kept.js';
import type { Own } from './own.js';

interface Choice {
  readonly id: string;
  readonly title: string;
}

/** So many of each can be chosen from: the newest. */
const LIMIT = 50;

const short = (id: string) => id.slice(0, 8);

/** What can be chosen, each from within the one before it, and where it is listed. */
const kinds: readonly { readonly own: Own; readonly title: string; readonly list: (ids: OwnIds) => Promise<Choice[]> | undefined }[] = [
  {
    own: 'project_id',
    title: 'Project',
    list: async () => (await api.Project.list({ limit: LIMIT })).body.data.map(({ project_id, name }) => ({ id: project_id, title: name })),
  },
  {
    own: 'experiment_id',
    title: 'Experiment',
    list: ({ project_id }) =>
      project_id === undefined ? undefined : api.Experiment.list({ project_id, limit: LIMIT }).then(({ body }) => body.data.map(({ experiment_id, name }) => ({ id: experiment_id, title: name ?? short(experiment_id) }))),
  },
  {
    own: 'job_id',
    title: 'Job',
    list: ({ project_id, experiment_id }) =>
      project_id === undefined || experiment_id === undefined ? undefined : api.Job.list({ project_id, experiment_id, limit: LIMIT }).then(({ body }) => body.data.map(({ job_id, sequence, status }) => ({ id: job_id, title: `${sequence}: ${status}` }))),
  },
  {
    own: 'device_id',
    title: 'Device',
    list: ({ project_id }) => (project_id === undefined ? undefined : api.Device.list({ project_id, limit: LIMIT }).then(({ body }) => body.data.map(({ device_id, name }) => ({ id: device_id, title: name ?? short(device_id) })))),
  },
];

/** Whose ids the examples have. */
export interface Reader {
  readonly isSignedIn: boolean;
  ids(): OwnIds;
  /** Looks once more at what there is. */
  refresh(): Promise<void>;
}

const nobody: Reader = { isSignedIn: false, ids: () => ({}), refresh: async () => undefined };

/** Asks who reads, shows what of theirs the examples can have, and fills it in. */
export async function startOwnIds(): Promise<Reader> {
  const place = required<HTMLElement>('#yours');
  fillExamples({});
  try {
    const { body } = await api.APIKey.whoami();
    const reader = new SignedInReader(place, body.user?.user_name ?? null, body.user?.user_id);
    await reader.refresh();
    return reader;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const signIn = element('a', { href: signInAddress() }, 'Sign in');
    place.replaceChildren(element('p', {}, signIn, ' to see your own ids in the examples, and to try operations here.'));
    return nobody;
  }
}

/** It leads back to here. */
export const signInAddress = (): string => `${baseUrl}/sign-in?to=${encodeURIComponent(`/docs${location.search}${location.hash}`)}`;

class SignedInReader implements Reader {
  readonly isSignedIn = true;
  readonly #selects = new Map<Own, HTMLSelectElement>();
  readonly #userId: string | undefined;

  constructor(place: HTMLElement, name: string | null, userId: string | undefined) {
    this.#userId = userId;
    const choices = kinds.map(({ own, title }) => {
      const select = element('select', { id: `own-${own}` });
      select.addEventListener('change', () => {
        keep(own, select.value);
        void this.refresh();
      });
      this.#selects.set(own, select);
      return element('label', { for: `own-${own}` }, element('span', {}, title), select);
    });
    place.replaceChildren(element('p', {}, name === null ? 'The examples show what is yours:' : `The examples show what is yours, ${name}:`), element('div', { class: 'choices' }, ...choices));
  }

  ids(): OwnIds {
    const chosen = [...this.#selects].flatMap(([own, { value }]) => (value === '' ? [] : [[own, value] as const]));
    return { ...Object.fromEntries(chosen), ...(this.#userId !== undefined && { user_id: this.#userId }) };
  }

  async refresh(): Promise<void> {
    const ids: OwnIds = {};
    for (const { own, title, list } of kinds) {
      const choices = (await list(ids)) ?? [];
      const select = this.#selects.get(own)!;
      const wanted = [new URLSearchParams(location.search).get(own), kept(own), select.value];
      const chosen = wanted.map((id) => choices.find((choice) => choice.id === id)).find(Boolean) ?? choices[0];
      select.replaceChildren(...(choices.length === 0 ? [new Option(`No ${title.toLowerCase()} yet`, '')] : choices.map((choice) => new Option(choice.title, choice.id, false, choice === chosen))));
      select.disabled = choices.length === 0;
      if (chosen) ids[own] = chosen.id;
    }
    fillExamples(this.ids());
  }
}
