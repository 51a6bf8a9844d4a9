export * from './messages.ts';
export * from './limits.ts';
