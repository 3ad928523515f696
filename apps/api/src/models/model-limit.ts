import { modelFormats, type FormatName } from '@vergeai/domain';
import type { Config } from '../config.js';

/** How many bytes a model in a format may have. */
export const modelLimit = ({ limits }: Pick<Config, 'limits'>, format: FormatName): number =>
  modelFormats[format].isText ? limits.jsonModelBytes : limits.modelBytes;
