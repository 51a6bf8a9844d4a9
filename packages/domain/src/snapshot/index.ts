export * from './messages.ts';
export * from './facts.ts';
