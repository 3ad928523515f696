import { findFolderFile, writeFolderFile, type FolderSettings } from '../config/folder-file.js';
import { projectId, experimentIds } from '../names/names.js';
import { done } from '../output/result.js';
import { command } from '../program/command.js';
import { chooseProject } from '../names/choose-project.js';
import { UsageError } from '../program/usage-error.js';
import path from 'node:path';

export default command({
  examples: ['verge init --project Digits', 'verge init --project Digits --experiment @last'],
  details: 'Commands in this folder, and below it, then know the server, the project and the experiment. There is never a key in it: share it as you like.',
  takes: (it) => it,
  async run(context) {
    const { project, experiment, yes } = context.globals;
    const there = findFolderFile();
    const here = path.join(process.cwd(), 'verge.json');
    if (there?.file === here && !yes) throw new UsageError('There is a verge.json here already.', 'Say --yes to write it anew.');
    const project_id = project === undefined ? await chooseProject(context) : await projectId(context, project);
    const chosen = experiment === undefined ? {} : { experiment: (await experimentIds(context.with({ project: project_id }), experiment)).experiment_id };
    const settings: FolderSettings = { url: context.client.baseUrl, project: project_id, ...chosen };
    writeFolderFile(settings, here);
    return done({ body: settings, said: `Wrote ${here}.` });
  },
});
