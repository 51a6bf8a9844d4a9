export * from './blockBackend.ts';
export * from './eventStore.ts';
export * from './system.ts';
