package dev.millrace.benchmarks.report;

import dev.millrace.benchmarks.suite.Candidates;
import dev.millrace.benchmarks.suite.Scenarios;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The report's plots, as SVG. What was not measured is left out. */
final class Plots {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final List<String> THROUGHPUT =
            List.of("no-key-100", "keyed-100", "no-key-1000", "threads-8", "json-none");
    private static final List<String> CODECS = List.of("json-lz4", "json-snappy", "json-zstd", "json-gzip");
    private static final List<String> LATENCY = List.of("one-by-one", "open-20000", "open-20000-linger-0");
    private static final List<String> RIVALS = List.of(Candidates.MILLRACE, Candidates.KAFKA, Candidates.TUNED);
    private static final List<String> PERCENTILES = List.of("p50Micros", "p90Micros", "p99Micros", "p999Micros");

    private final Measurements measured;
    private final Path directory;
    private final List<String> files = new ArrayList<>();

    Plots(Measurements measured, Path directory) {
        this.measured = measured;
        this.directory = directory;
    }

    /** Draws them all; returns their names. */
    List<String> draw() throws IOException {
        bars("throughput.svg", "Records a second", "records/s", "recordsPerSecond", THROUGHPUT);
        bars("cpu.svg", "CPU per record; the line is what the bytes alone cost", "ns", "cpuNanosPerRecord", THROUGHPUT);
        bars("cpu-codecs.svg", "CPU per record, compressed JSON", "ns", "cpuNanosPerRecord", CODECS);
        for (String scenario : LATENCY) {
            percentiles(scenario);
        }
        sweep("partitions.svg", Scenarios.PARTITIONS, "partitions", List.of(100, 1_000, 10_000, 50_000));
        sweep("producers.svg", Scenarios.PRODUCERS, "producers", List.of(1, 10, 100));
        return files;
    }

    private void bars(String file, String title, String unit, String metric, List<String> scenarios)
            throws IOException {
        List<String> present = scenarios.stream().filter(measured::has).toList();
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        for (String candidate : RIVALS) {
            addBars(chart, candidate, metric, present);
        }
        CategorySeries limit = addBars(chart, Candidates.LIMIT, metric, present);
        if (limit != null) {
            limit.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        }
        save(file, chart);
    }

    private @Nullable CategorySeries addBars(
            CategoryChart chart, String candidate, String metric, List<String> scenarios) {
        List<Double> values = new ArrayList<>();
        for (String scenario : scenarios) {
            values.add(measured.median(scenario, candidate, metric).orElse(Double.NaN));
        }
        boolean isEmpty = values.stream().allMatch(value -> value.isNaN());
        return isEmpty ? null : chart.addSeries(candidate, scenarios, values);
    }

    private void percentiles(String scenario) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Latency: " + scenario)
                .yAxisTitle("µs, logarithmic")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setYAxisLogarithmic(true);
        for (String candidate : measured.candidates(scenario)) {
            List<Double> values = new ArrayList<>();
            for (String percentile : PERCENTILES) {
                values.add(measured.median(scenario, candidate, percentile).orElse(Double.NaN));
            }
            chart.addSeries(candidate, List.of("p50", "p90", "p99", "p99.9"), values);
        }
        save("latency-" + scenario + ".svg", chart);
    }

    private void sweep(String file, String prefix, String unit, List<Integer> counts) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("CPU per record over " + unit)
                .xAxisTitle(unit + ", logarithmic")
                .yAxisTitle("µs, logarithmic")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        for (String candidate : RIVALS) {
            List<Integer> at = new ArrayList<>();
            List<Double> micros = new ArrayList<>();
            for (int count : counts) {
                OptionalDouble nanos = measured.median(prefix + count, candidate, "cpuNanosPerRecord");
                if (nanos.isPresent()) {
                    at.add(count);
                    micros.add(nanos.getAsDouble() / 1e3);
                }
            }
            if (!at.isEmpty()) {
                chart.addSeries(candidate, at, micros);
            }
        }
        save(file, chart);
    }

    private void save(String file, Chart<?, ?> chart) throws IOException {
        if (!chart.getSeriesMap().isEmpty()) {
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart, directory.resolve(file).toString(), VectorGraphicsFormat.SVG);
            files.add(file);
        }
    }
}
