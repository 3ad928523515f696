import { z } from 'zod';
import { permissionLevels } from './access.js';

export const permissionLevel = z.literal(Object.values(permissionLevels));
