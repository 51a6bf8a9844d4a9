/**
 * This package is reserved for the QSAN arrays backend of a later release. It exports nothing yet:
 * nothing here drives a real array, and nothing pretends to.
 *
 * @packageDocumentation
 */
export {};
