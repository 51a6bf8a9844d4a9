/** Where secrets are kept. */
export { fileSecretStore, type FileSecretStoreOptions } from './fileStore.ts';
export { memorySecretStore } from './memoryStore.ts';
