/**
 * The pure core of Blockledger.
 *
 * @packageDocumentation
 */
export {};
