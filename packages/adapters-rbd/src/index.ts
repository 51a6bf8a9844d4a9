/**
 * The Ceph RBD backend.
 *
 * @packageDocumentation
 */
export {};
