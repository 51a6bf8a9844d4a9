/**
 * Simulated gateways, to develop and to test without any.
 *
 * @packageDocumentation
 */
export { simulateVips, type SimulatedVips, type SimVipHost, type SimVipOptions } from './vips/simulator.ts';
