/**
 * Figures for Prometheus.
 *
 * @packageDocumentation
 */
export type { HttpAnswered, Meters } from './meters.ts';
export { prometheusMetrics, type Metrics, type MetricsOptions, type Scrape } from './prometheus.ts';
export { FIGURES, PREFIX, type Figure, type FigureName } from './table.ts';
