declare const CLI_VERSION: string;
declare const SDK_VERSION: string;

/** Of this program; scripts/bundle.mjs takes it from package.json. */
export const version = CLI_VERSION;

/** Of the client in it. */
export const sdkVersion = SDK_VERSION;
