/**
 * A simulated Ceph cluster, to develop without one.
 *
 * @packageDocumentation
 */
export {};
