/**
 * The engine and its faces.
 *
 * @packageDocumentation
 */
export type * from './engine/controlPlane.ts';
export { engineRefusals, refuseEngine, type EngineRefusal, type EngineRefusalTag } from './engine/refusals.ts';
export type * from './engine/requests.ts';
export type * from './queries/views.ts';
