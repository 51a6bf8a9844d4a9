/** The environment variables that the command line looks at, and what each does. */

/** One variable. */
export interface Variable {
  readonly name: string;
  readonly meaning: string;
}

/** Flags go before them, and they go before the configuration file. */
export const ENVIRONMENT: readonly Variable[] = [
  { name: 'BLOCKLEDGER_URL', meaning: 'address of the service that commands speak to, such as http://127.0.0.1:8056' },
  { name: 'BLOCKLEDGER_TOKEN', meaning: 'the token that commands ask with; for `serve`, one that may do everything' },
  { name: 'BLOCKLEDGER_CHAP_SECRET', meaning: 'secret of the account that `--chap-user` names, where `--chap-secret-file` does not' },
  { name: 'BLOCKLEDGER_PORT', meaning: 'port that `serve` listens on; 0 takes any free one' },
  { name: 'BLOCKLEDGER_STORE', meaning: 'SQLite file of the store, or connection string of EventStoreDB, for `serve`, `doctor` and `store`' },
  { name: 'BLOCKLEDGER_SECRET_KEY', meaning: 'key that `serve` seals secrets with: 32 bytes in Base64' },
  { name: 'BLOCKLEDGER_LOG_LEVEL', meaning: 'how much `serve` logs: debug, info, warn, error or silent' },
  { name: 'XDG_RUNTIME_DIR', meaning: 'where a service tells commands of the same user that it runs' },
  { name: 'NO_COLOR', meaning: 'set to anything, there are no colours' },
  { name: 'LC_ALL, LC_CTYPE, LANG', meaning: 'whether the terminal shows more than ASCII' },
];
