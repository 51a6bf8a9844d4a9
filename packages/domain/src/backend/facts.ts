/** What decisions about a backend need to know from elsewhere. */

/** `known`: this process has a backend of that name, or a pool is on one. */
export interface BackendFacts {
  readonly known: boolean;
}
