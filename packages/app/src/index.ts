/**
 * The engine and its faces.
 *
 * @packageDocumentation
 */
export {};
