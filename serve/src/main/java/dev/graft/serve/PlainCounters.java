package dev.graft.serve;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters whose names are other servers' own, to the letter: Prometheus' client would end each in {@code _total}, so
 * they are given out without a type.
 */
final class PlainCounters implements MultiCollector {
    private final Map<String, Map<Labels, LongAdder>> counters = new ConcurrentSkipListMap<>();

    /** The counter of a name and labels, names and values in turn; made when it is first asked for. */
    LongAdder of(String name, String... labels) {
        return counters.computeIfAbsent(name, first -> new ConcurrentHashMap<>())
                .computeIfAbsent(Labels.of(labels), first -> new LongAdder());
    }

    /** Takes every counter with these labels out. */
    void remove(String... labels) {
        Labels gone = Labels.of(labels);
        counters.values().forEach(each -> each.remove(gone));
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.forEach((name, each) -> {
            UnknownSnapshot.Builder family = UnknownSnapshot.builder().name(name);
            each.forEach((labels, count) -> family.dataPoint(UnknownDataPointSnapshot.builder()
                    .labels(labels)
                    .value(count.sum())
                    .build()));
            all.metricSnapshot(family.build());
        });
        return all.build();
    }
}
