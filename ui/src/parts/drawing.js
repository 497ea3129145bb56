// Draws charts with ECharts as SVG. Figures come from the server; nothing is smoothed or made up between them.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { locale, text } from "./texts.js";

echarts.use([
  BarChart, GridComponent, LegendPlainComponent, LineChart, MarkAreaComponent, SVGRenderer, TooltipComponent,
]);

const charts = new Map();
const resized = new ResizeObserver((entries) => entries.forEach((entry) => charts.get(entry.target)?.resize()));

export function draw(canvas, figures) {
  const known = charts.get(canvas);
  const chart = known ?? echarts.init(canvas, null, { renderer: "svg" });
  charts.set(canvas, chart);
  if (!known) resized.observe(canvas);
  chart.setOption({ summary, session, performance, zone }[figures.kind](figures), true);
}

export function forget() {
  for (const chart of charts.values()) chart.dispose();
  charts.clear();
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function base() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !calm,
    animationDuration: 200,
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", color: colour("--muted-ink") },
    grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, textStyle: { color: colour("--muted-ink") }, itemWidth: 14, itemHeight: 8 },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: { color: colour("--ink"), fontSize: 13 },
    },
  };
}

const axis = () => ({
  axisLine: { lineStyle: { color: colour("--line") } },
  axisTick: { show: false },
  axisLabel: { color: colour("--muted-ink"), hideOverlap: true },
  splitLine: { lineStyle: { color: colour("--line") } },
  nameTextStyle: { color: colour("--muted-ink"), align: "left" },
});

// An axis of figures, with the separators of the page's language.
const scale = () => ({
  type: "value",
  ...axis(),
  axisLabel: { ...axis().axisLabel, formatter: (value) => value.toLocaleString(locale) },
  axisLine: { show: false },
});

function amount(value, figures) {
  const number = value.toLocaleString(locale, {
    minimumFractionDigits: figures.digits,
    maximumFractionDigits: figures.digits,
  });
  return `${number} ${figures.unit}`;
}

function summary(figures) {
  const dates = figures.labels.map((label) => new Date(`${label}T00:00:00Z`));
  const long = { timeZone: "UTC", ...(figures.by === "month" ? { month: "long", year: "numeric" } : { weekday: "short", day: "numeric", month: "short" }) };
  const short = { timeZone: "UTC", ...(figures.by === "month" ? { month: "short" } : { day: "numeric" }) };
  const named = (date, options) => date.toLocaleDateString(locale, options);
  const accent = colour("--accent");
  const series = [{
    name: figures.names[0],
    type: "bar",
    barMaxWidth: 28,
    data: figures.values.map((value, index) => ({
      value,
      itemStyle: figures.marked && figures.labels[index] !== figures.marked ? { opacity: 0.45 } : {},
    })),
    itemStyle: { color: accent, borderRadius: [3, 3, 0, 0] },
  }];
  if (figures.before.length) {
    series.push({
      name: figures.names[1],
      type: "line",
      step: "middle",
      symbol: "none",
      data: figures.values.map((_, index) => figures.before[index] ?? null),
      lineStyle: { color: colour("--muted-ink"), type: "dashed", width: 1.5 },
      itemStyle: { color: colour("--muted-ink") },
    });
  }
  return {
    ...base(),
    xAxis: { type: "category", data: dates.map((date) => named(date, short)), ...axis(), splitLine: { show: false } },
    yAxis: { ...scale(), name: figures.unit, minInterval: figures.digits ? 0 : 1 },
    tooltip: {
      ...base().tooltip,
      formatter: (points) => [
        `<b>${named(dates[points[0].dataIndex], long)}</b>`,
        ...points.map((point) => `${point.marker} ${point.seriesName}: <b>${amount(point.value ?? 0, figures)}</b>`),
        `<span class="formula">${figures.formula}</span>`,
      ].join("<br>"),
    },
    series,
  };
}

// Bars for each step, side by side where locations are compared; a step without a figure has no bar.
function performance(figures) {
  const dates = figures.labels.map((label) => new Date(`${label}T00:00:00Z`));
  const long = { timeZone: "UTC", ...(figures.by === "month" ? { month: "long", year: "numeric" } : { weekday: "short", day: "numeric", month: "short" }) };
  const short = { timeZone: "UTC", ...(figures.by === "month" ? { month: "short" } : { day: "numeric" }) };
  const colours = ["--accent", "--second", "--preparing", "--reserved", "--finishing", "--suspended-ev"].map(colour);
  const shown = (value) => (value === null || value === undefined ? "–" : amount(value, figures));
  const series = figures.series.map((line, index) => ({
    name: line.name,
    type: "bar",
    barMaxWidth: 28,
    data: line.values,
    itemStyle: { color: colours[index % colours.length], borderRadius: [3, 3, 0, 0] },
  }));
  const least = Math.min(...figures.series.flatMap((line) => line.values).filter((value) => value !== null));
  return {
    ...base(),
    // On a phone several names need two lines, which the axis leaves room for.
    grid: { ...base().grid, top: series.length > 2 && innerWidth < 640 ? 64 : base().grid.top },
    legend: { ...base().legend, show: series.length > 1 },
    xAxis: { type: "category", data: dates.map((date) => date.toLocaleDateString(locale, short)), ...axis(), splitLine: { show: false } },
    yAxis: { ...scale(), name: figures.unit, min: least < 0 ? undefined : 0, max: figures.unit === "%" ? (bounds) => Math.min(100, Math.ceil(bounds.max / 10) * 10 || 10) : undefined },
    tooltip: {
      ...base().tooltip,
      formatter: (points) => [
        `<b>${dates[points[0].dataIndex].toLocaleDateString(locale, long)}</b>`,
        ...points.map((point) => `${point.marker} ${echarts.format.encodeHTML(point.seriesName)}: <b>${shown(point.value)}</b>`),
        `<span class="formula">${echarts.format.encodeHTML(figures.formula)}</span>`,
      ].join("<br>"),
    },
    series,
  };
}

function decimals(number, digits) {
  return number.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
}

function session(figures) {
  const local = (at, options) => new Date(at).toLocaleTimeString(locale, { timeZone: figures.zone, ...options });
  const clock = { hour: "2-digit", minute: "2-digit" };
  const begins = figures.energy[0][0];
  const spans = figures.energy.at(-1)[0] - begins;
  // Two ticks never say the same: seconds where minutes are too coarse, the day where the clock goes round.
  const steps = spans < 5 * 60_000 ? { ...clock, second: "2-digit" } : clock;
  const day = (at) => new Date(at).toLocaleDateString(locale, { timeZone: figures.zone, day: "numeric", month: "short" });
  const tick = (at) => (spans > 20 * 3600_000 ? `${day(at)}\n${local(at, steps)}` : local(at, steps));
  const series = [
    {
      name: text("power"),
      type: "line",
      step: "end",
      symbol: "none",
      yAxisIndex: 0,
      data: figures.power,
      lineStyle: { color: colour("--accent"), width: 2 },
      itemStyle: { color: colour("--accent") },
      areaStyle: { color: colour("--accent"), opacity: 0.12 },
      markArea: {
        silent: true,
        itemStyle: { color: colour("--muted-ink"), opacity: 0.08 },
        label: { color: colour("--muted-ink"), position: "insideTop", fontSize: 11 },
        data: figures.windows.map((each) => [{ xAxis: each.since, name: each.price }, { xAxis: each.until }]),
      },
    },
    {
      name: text("energy"),
      type: "line",
      symbol: "none",
      yAxisIndex: 1,
      data: figures.energy,
      lineStyle: { color: colour("--second"), width: 2, type: "dashed" },
      itemStyle: { color: colour("--second") },
    },
  ];
  return {
    ...base(),
    xAxis: { type: "time", min: begins, minInterval: steps === clock ? 60_000 : 1000, ...axis(), splitLine: { show: false }, axisLabel: { ...axis().axisLabel, formatter: tick } },
    yAxis: [
      { ...scale(), name: "kW" },
      { ...scale(), name: "kWh", splitLine: { show: false }, nameTextStyle: { ...axis().nameTextStyle, align: "right" } },
    ],
    tooltip: {
      ...base().tooltip,
      formatter: (points) => [
        `<b>${local(points[0].axisValue, { ...clock, second: "2-digit" })}</b>`,
        ...points.map((point) => `${point.marker} ${point.seriesName}: <b>${decimals(point.value[1], point.seriesIndex ? 3 : 2)} ${point.seriesIndex ? "kWh" : "kW"}</b>`),
      ].join("<br>"),
    },
    series,
  };
}

// Measured power of chargers, stacked, below what they are allocated and what may be used. All lines have the same
// instants; a value holds until the next one.
function zone(figures) {
  const local = (at, options) => new Date(at).toLocaleTimeString(locale, { timeZone: figures.zone, hour: "2-digit", minute: "2-digit", ...options });
  const day = (at) => new Date(at).toLocaleDateString(locale, { timeZone: figures.zone, day: "numeric", month: "short" });
  const spans = figures.at.at(-1) - figures.at[0];
  const tick = (at) => (spans > 20 * 3600_000 ? `${day(at)}\n${local(at)}` : local(at));
  const colours = ["--accent", "--second", "--preparing", "--reserved", "--finishing", "--suspended-ev"].map(colour);
  const line = { type: "line", step: "end", symbol: "none" };
  const dated = (values) => figures.at.map((at, index) => [at, values[index]]);
  const series = [
    ...figures.measured.map((each, index) => ({
      ...line,
      name: each.name,
      stack: "measured",
      data: dated(each.values),
      lineStyle: { width: 0 },
      itemStyle: { color: colours[index % colours.length] },
      areaStyle: { color: colours[index % colours.length], opacity: 0.55 },
    })),
    {
      ...line,
      name: figures.names.allocated,
      data: dated(figures.allocated),
      lineStyle: { color: colour("--ink"), width: 1.5, type: "dashed" },
      itemStyle: { color: colour("--ink") },
    },
    {
      ...line,
      name: figures.names.usable,
      data: dated(figures.usable),
      lineStyle: { color: colour("--faulted"), width: 2 },
      itemStyle: { color: colour("--faulted") },
    },
  ];
  const shown = (value) => (value === null || value === undefined ? "–" : amount(value, figures));
  return {
    ...base(),
    grid: { ...base().grid, top: 64 },
    legend: { ...base().legend, type: "plain", left: 0, right: 0 },
    xAxis: { type: "time", min: figures.at[0], max: figures.at.at(-1), minInterval: 60_000, ...axis(), splitLine: { show: false }, axisLabel: { ...axis().axisLabel, formatter: tick } },
    yAxis: { ...scale(), name: figures.unit, min: 0 },
    tooltip: {
      ...base().tooltip,
      formatter: (points) => [
        `<b>${day(points[0].axisValue)} ${local(points[0].axisValue)}</b>`,
        ...points.map((point) => `${point.marker} ${echarts.format.encodeHTML(point.seriesName)}: <b>${shown(point.value[1])}</b>`),
      ].join("<br>"),
    },
    series,
  };
}
