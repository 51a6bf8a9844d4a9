/**
 * Simulated gateways, to develop and to test without any: `simulateXdc` answers the command lines of `xdcadm` as far as its sources show it, so
 * the very same backend runs over it; `simulateVips` is a network segment whose hosts elect.
 *
 * @packageDocumentation
 */
export { simulateVips, type SimulatedVips, type SimVipHost, type SimVipOptions } from './vips/simulator.ts';
export { simulateXdc } from './xdcadm/simulator.ts';
export type { XdcEffect, XdcFault, XdcSimulator, XdcSimulatorOptions } from './xdcadm/simulator.ts';
