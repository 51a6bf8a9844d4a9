export * from './blockBackend.ts';
export * from './diagnosis.ts';
export * from './eventStore.ts';
export * from './secretStore.ts';
export * from './system.ts';
