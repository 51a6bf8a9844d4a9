export * from './blockBackend.ts';
export * from './diagnosis.ts';
export * from './eventStore.ts';
export * from './lunSource.ts';
export * from './secretStore.ts';
export * from './system.ts';
export * from './targetBackend.ts';
export * from './vipBackend.ts';
