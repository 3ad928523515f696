import { modelFormats, type FormatName } from '@vergeai/domain';
import type { Context } from '../context.js';

/** How many bytes a model in a format may have. */
export const modelLimit = ({ config: { limits } }: Pick<Context, 'config'>, format: FormatName): number =>
  modelFormats[format].isText ? limits.jsonModelBytes : limits.modelBytes;
