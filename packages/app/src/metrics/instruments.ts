/** The figures of the table as prom-client's instruments, in a registry of their own. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { FIGURES, PREFIX, type Figure, type FigureName } from './table.ts';

type Labels<F extends Figure> = F['labels'][number];
type Instrument<F extends Figure> = F['type'] extends 'counter' ? Counter<Labels<F>> : F['type'] extends 'gauge' ? Gauge<Labels<F>> : Histogram<Labels<F>>;

/** Every figure, ready to count. */
export type Instruments = { readonly [K in FigureName]: Instrument<(typeof FIGURES)[K]> };

const make = (registry: Registry, name: string, { type, help, labels, buckets }: Figure): Counter | Gauge | Histogram => {
  const configuration = { name: `${PREFIX}${name}`, help, labelNames: [...labels], registers: [registry] };
  switch (type) {
    case 'counter':
      return new Counter(configuration);
    case 'gauge':
      return new Gauge(configuration);
    case 'histogram':
      return new Histogram({ ...configuration, ...(buckets === undefined ? {} : { buckets: [...buckets] }) });
  }
};

export const makeInstruments = (registry: Registry): Instruments =>
  Object.fromEntries(Object.entries(FIGURES).map(([name, figure]) => [name, make(registry, name, figure)])) as unknown as Instruments;
