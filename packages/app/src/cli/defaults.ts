/** What is taken where nobody says otherwise. */

/** The configuration file in the working directory. `init` writes it, `serve` and others read it. */
export const CONFIG_FILE = 'blockledger.config.js';
