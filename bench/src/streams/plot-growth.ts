import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@shopstream/infra';
import type { Growth } from './growth.ts';

/** The types of echarts do not resolve under NodeNext; this is what is used of it. */
interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}
const { init } = (await import('echarts')) as unknown as {
  init: (element: null, theme: null, options: object) => Chart;
};

const file = path.join(repositoryRoot, 'docs', 'images', 'growth.svg');
const WIDTH = 960;
const HEIGHT = 560;

interface Panel {
  x: 'events' | 'keys';
  y: 'perSecond' | 'memoryMb' | 'restoreSeconds';
  title: string;
  values: readonly Growth[];
}

/** Draws the figures for the document: above by events, below by open keys; numbers of either on a logarithmic axis. */
export function plotGrowth(results: readonly Growth[]): void {
  const few = results.filter(({ keys }) => keys === 1_000);
  const same = results.filter(({ events }) => events === 1_000_000);
  const panels: Panel[] = (
    [
      ['events', few],
      ['keys', same],
    ] as const
  ).flatMap(([x, values]) => [
    { x, values, y: 'perSecond' as const, title: 'events a second' },
    { x, values, y: 'memoryMb' as const, title: 'memory, MB' },
    { x, values, y: 'restoreSeconds' as const, title: 'restore, s' },
  ]);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    backgroundColor: 'white',
    animation: false,
    grid: panels.map((_, index) => place(index)),
    title: panels.map(({ title }, index) => ({
      text: title,
      textStyle: { fontSize: 13 },
      left: place(index).left,
      top: index < 3 ? '1%' : '51%',
    })),
    xAxis: panels.map(({ x }, gridIndex) => ({
      type: 'log',
      gridIndex,
      name: x === 'keys' ? 'open keys' : 'events',
      nameLocation: 'middle',
      nameGap: 26,
    })),
    yAxis: panels.map((_, gridIndex) => ({ type: 'value', gridIndex })),
    series: panels.map(({ x, y, values }, index) => ({
      type: 'line',
      xAxisIndex: index,
      yAxisIndex: index,
      data: values.map((one) => [one[x], one[y]]),
    })),
  });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${chart.renderToSVGString()}\n`);
  chart.dispose();
}

/** Three panels in each of two rows. */
const place = (index: number) => ({
  left: `${7 + (index % 3) * 32}%`,
  top: index < 3 ? '8%' : '58%',
  width: '25%',
  height: '30%',
});
