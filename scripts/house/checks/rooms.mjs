import { readsOfEnvironment } from '../read/read-imports.mjs';
import { serverFiles } from '../read/server-files.mjs';

/** Holds the server's files to the table `api` of rules.mjs: each stands in a room, and imports what the room may. */
export function checkRooms(workspace, { api }) {
  return serverFiles(workspace, api).flatMap((file) => {
    const at = (line, sentence) => ({ file: `${api.src}/${file.name}`, line, sentence });
    const room = roomOf(api, file.name);
    if (room === undefined) return [at(1, 'This file is in no room of scripts/house/rules.mjs.')];
    const environment = api.environment.includes(room.name) ? [] : readsOfEnvironment(file.source);
    return [
      ...environment.map((line) => at(line, `${room.label} may not read process.env; only ${api.environment.join(', ')} may.`)),
      ...file.imports.flatMap((one) => {
        const sentence = objection(api, room, one);
        return sentence === undefined ? [] : [at(one.line, sentence)];
      }),
    ];
  });
}

/** The room of a file, with the name it is called by: where each folder is a room, the folder. */
export function roomOf({ rooms }, name) {
  const room = rooms.find(({ files }) => files.test(name));
  return room && { ...room, label: room.each ? folderOf(name) : room.name, folder: folderOf(name) };
}

/** `features/jobs/create.ts` → `features/jobs` */
const folderOf = (name) => name.split('/').slice(0, 2).join('/');

function objection(api, room, { specifier, target }) {
  const reserved = api.reserved.find(({ packages }) => packages.includes(specifier));
  if (reserved !== undefined && !reserved.rooms.includes(room.name)) {
    return `${room.label} may not know ${specifier}; only ${reserved.rooms.join(', ')} may.`;
  }

  const other = target === undefined ? undefined : roomOf(api, target);
  if (other === undefined || other.label === room.label) return undefined;
  if (room.may.includes(other.name) && (!other.each || other.folder === room.folder)) return undefined;
  return `${room.label} may not import ${other.label} (${specifier}).`;
}
