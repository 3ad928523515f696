import { permissionLevels, type Access, type PermissionLevel } from '@vergeai/contract';

const levels: Readonly<Record<PermissionLevel, string>> = {
  [permissionLevels.OWNER]: 'owners of the project',
  [permissionLevels.ADMIN]: 'admins and owners of the project',
  [permissionLevels.READ_WRITE]: 'members of the project who may write',
  [permissionLevels.READ_ONLY]: 'members of the project',
};

const devices = { of_project: 'the devices of the project', itself: 'the device itself', drawn: 'the devices that were drawn for the job' };

/** Who may call an operation, as what goes on after “For”. */
export function whoMay(access: Access): string {
  switch (access.who) {
    case 'public':
      return 'anybody, without a key.';
    case 'ticket':
      return 'anybody who has the ticket, without a key.';
    case 'any_key':
      return "everybody with a key, a person's or a device's.";
    case 'session':
      return 'who is signed in with a browser.';
    case 'sign_in':
      return 'who has a key, or a sign-in code in its place.';
    case 'user':
      return 'every user.';
    case 'server_admin':
      return "the server's admin.";
    case 'device':
      return 'a device of the project, with its own key.';
    case 'member':
      return `${levels[access.level]} (level ${access.level}${access.level < permissionLevels.OWNER ? ' or more' : ''})${access.device ? `, and ${devices[access.device]}` : ''}.`;
  }
}
