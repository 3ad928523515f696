import type { Context } from '../context/context.js';
import { Failure } from '../program/failures.js';
import { changeConfig } from './config-file.js';
import { writeFolderFile } from './folder-file.js';

/** Keeps what commands are about from now on: in the verge.json that is found from here, or else in the profile. Gives where. */
export function keepChoice({ sources }: Context, chosen: { readonly project: string; readonly experiment?: string | undefined }): string {
  const { folder, profile } = sources;
  if (folder) return writeFolderFile({ ...folder.settings, ...chosen }, folder.file);
  if (!profile) throw new Failure(4, 'nowhere_to_keep', 'There is no place to keep the choice.', 'For this folder: verge init. For you: verge login');
  changeConfig((config) => ({ ...config, profiles: { ...config.profiles, [profile.name]: { ...profile.settings, ...chosen } } }));
  return `profile ${profile.name}`;
}
