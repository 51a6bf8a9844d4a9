/** Draws a measure along its points: an SVG, without a browser. */
import { init } from 'echarts';
import type { Measure, Result } from '../frame/benchmark.ts';
import { median, pointsOf, valuesOf } from '../frame/figures.ts';

/** Colours that people who see few of them tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Values so far apart that a straight axis would show the small ones as nothing. */
const FAR = 30;

/** The picture as text. */
export const plotOf = (result: Result, measure: Measure): string => {
  const points = pointsOf(result);
  const names = [...new Set([...result.contestants, ...(result.references ?? [])].map(({ name }) => name))].filter((name) => points.some((at) => valuesOf(result, name, measure.name, at).length > 0));
  const lines = names.map((name) => ({ name, data: points.flatMap((at) => (valuesOf(result, name, measure.name, at).length === 0 ? [] : [[at, Number(median(valuesOf(result, name, measure.name, at)).toPrecision(4))]])) }));
  const values = lines.flatMap(({ data }) => data.map(([, value = 0]) => value)).filter((value) => value > 0);
  const isFar = values.length > 0 && Math.max(...values) / Math.min(...values) > FAR;
  const isReference = (name: string): boolean => result.contestants.every((each) => each.name !== name);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 400 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    title: { text: `${result.title}: ${measure.name}`, left: 'center', textStyle: { fontSize: 14 } },
    legend: { bottom: 0, data: names },
    grid: { left: 80, right: 40, top: 50, bottom: 80 },
    xAxis: { type: 'log', logBase: 10, name: result.along?.name ?? '', nameLocation: 'middle', nameGap: 28, min: Math.min(...points), max: Math.max(...points) },
    yAxis: { type: isFar ? 'log' : 'value', name: measure.unit, ...(isFar ? {} : { min: 0 }) },
    series: lines.map(({ name, data }) => ({ type: 'line', name, data, symbolSize: 8, label: { show: true, formatter: ({ value }: { readonly value: readonly number[] }) => String(value[1]) }, lineStyle: { type: isReference(name) ? 'dashed' : 'solid' } })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg.trim()}\n`;
};
