/** What is taken where nobody says otherwise. */
import { existsSync } from 'node:fs';

/** Names of a configuration file in the working directory: the first that is there is taken, and `init` writes the first. */
export const CONFIG_FILES = ['blockledger.config.mjs', 'blockledger.config.js'] as const;

/** The configuration file that is here, or would be. */
export const usualConfig = (): string => CONFIG_FILES.find((name) => existsSync(name)) ?? CONFIG_FILES[0];
