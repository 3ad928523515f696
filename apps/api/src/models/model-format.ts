import type { ModelFormat as StoredFormat } from '@vergeai/db';
import { modelFormats, type FormatName, type ModelFormat } from '@vergeai/domain';

// Formats have the same names everywhere; the database writes them in capitals. A format that schema.prisma does not
// know, or that the domain does not, does not compile.
export const storedFormat = (name: FormatName): StoredFormat => name.toUpperCase() as Uppercase<FormatName>;

export const formatOfRow = ({ format }: { readonly format: StoredFormat }): ModelFormat => modelFormats[format.toLowerCase() as Lowercase<StoredFormat>];
