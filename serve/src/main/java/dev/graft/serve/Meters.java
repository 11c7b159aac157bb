package dev.graft.serve;

import dev.graft.predict.Answered;
import dev.graft.predict.BatchListener;
import dev.graft.predict.Batcher;
import dev.graft.watch.Timeline;
import dev.graft.watch.Visit;
import dev.graft.watch.Watch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The server's figures for Prometheus; names and units (seconds) are those of text-embeddings-inference where it has the
 * figure, and begin with {@code graft_} where it has not. What Triton counts is there under Triton's names too.
 */
final class Meters {
    private static final double NANOS = 1e-9;
    private static final int GONE = Integer.MIN_VALUE / 2;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PlainCounters counters = new PlainCounters();
    private final Histograms spreads = new Histograms(registry.getPrometheusRegistry());
    private final ConcurrentMap<Ended, List<LongAdder>> ended = new ConcurrentHashMap<>();
    private final ConcurrentMap<Tags, OfModel> shared = new ConcurrentHashMap<>();
    private final Watch watch;

    /** A way in which requests end. */
    private record Ended(String method, String outcome) {}

    Meters(Watch watch) {
        this.watch = watch;
        registry.getPrometheusRegistry().register(counters);
        for (Watch.Count count : watch.counts()) {
            FunctionCounter.builder(count.name(), count, now -> now.value().getAsLong())
                    .register(registry);
        }
    }

    /** All figures in Prometheus's text form. */
    String scrape() {
        return registry.scrape();
    }

    /** The figures of the memory that models take together. */
    RoomMeters room() {
        return new RoomMeters(registry);
    }

    /** A request that came to its end, whatever that was. */
    void request(String method, String outcome) {
        ended.computeIfAbsent(new Ended(method, outcome), this::counted).forEach(LongAdder::increment);
    }

    private List<LongAdder> counted(Ended how) {
        LongAdder all = counters.of("te_request_count", "method", how.method());
        LongAdder these = how.outcome().equals("success")
                ? counters.of("te_request_success", "method", how.method())
                : counters.of("te_request_failure", "err", how.outcome(), "method", how.method());
        return List.of(all, these);
    }

    /** The figures of one version of a model, which its reload goes on with. */
    OfModel of(String model, String version) {
        Tags tags = Tags.of("model", model, "version", version);
        OfModel figures = shared.computeIfAbsent(tags, first -> new OfModel(model, version));
        return figures.enter() ? figures : of(model, version);
    }

    /** Figures that carry the name and version of a model. */
    final class OfModel implements AutoCloseable {
        private final String model;
        private final String version;
        private final Tags tags;
        private final Timeline timeline;
        private final TritonCounters triton;
        private final List<Meter> meters = new CopyOnWriteArrayList<>();
        private final Histograms.OfModel histograms;
        private final Counter hits;
        private final Counter misses;
        private final LongAdder failures = new LongAdder();
        private final LongAdder failureNanos = new LongAdder();
        private final ConcurrentMap<Integer, BatchTimes> batches = new ConcurrentHashMap<>();
        private volatile long lastInference;
        private volatile Optional<Watched> watched = Optional.empty();
        private volatile IntSupplier waiting = () -> 0;
        private int users;

        private OfModel(String model, String version) {
            this.model = model;
            this.version = version;
            this.tags = Tags.of("model", model, "version", version);
            this.timeline = watch.traffic().of(model);
            this.triton = new TritonCounters(counters, "model", model, "version", version);
            this.histograms = spreads.of(model, version);
            this.hits = kept(registry.counter("graft.cache.hits", tags));
            this.misses = kept(registry.counter("graft.cache.misses", tags));
            gauge("te.queue.size", now -> now.batcher().queued());
            gauge("nv.inference.pending.request.count", now -> now.batcher().queued());
            gauge("graft.cache.entries", now -> now.cache().size());
            gauge("graft.cache.bytes", now -> now.cache().bytes());
        }

        private <M extends Meter> M kept(M meter) {
            meters.add(meter);
            return meter;
        }

        private synchronized boolean enter() {
            users++;
            return users > 0;
        }

        /** Shows how much waits and how much is kept. */
        void watch(Batcher batcher, PredictionCache cache) {
            watched = Optional.of(new Watched(batcher, cache));
            watch.traffic().unwatch(model, waiting);
            waiting = batcher::queued;
            watch.traffic().watch(model, waiting);
        }

        private void gauge(String name, ToDoubleFunction<Watched> figure) {
            kept(Gauge.builder(
                            name,
                            this,
                            of -> of.watched.map(figure::applyAsDouble).orElse(0.0))
                    .tags(tags)
                    .register(registry));
        }

        void tokenised(long nanos) {
            histograms.tokenise().observe(nanos * NANOS);
            triton.tokenised(nanos);
        }

        void cache(boolean hit) {
            (hit ? hits : misses).increment();
            triton.cache(hit);
            timeline.cache(hit);
        }

        void batch(BatchListener.Batch batch) {
            histograms.batchRows().observe(batch.rows());
            histograms.batchTokens().observe(batch.paddedTokens());
            histograms.padding().observe(1 - (double) batch.tokens() / batch.paddedTokens());
            triton.batch(batch.rows());
            batches.computeIfAbsent(batch.rows(), rows -> new BatchTimes()).add(batch.computeNanos());
            lastInference = System.currentTimeMillis();
            timeline.batch(batch.rows(), batch.tokens(), batch.paddedTokens());
        }

        /** A request to this model was refused, or failed. */
        void failed(long wholeNanos) {
            triton.failed();
            failures.increment();
            failureNanos.add(wholeNanos);
        }

        /** One request's answer was made: how long its texts waited and were computed, by the slowest of them. */
        void answered(Visit visit, List<Answered> answers, long postNanos) {
            long queued = 0;
            long computed = 0;
            for (Answered answer : answers) {
                queued = Math.max(queued, answer.queuedNanos());
                computed = Math.max(computed, answer.computeNanos());
            }
            long whole = visit.elapsed();
            visit.computed(queued, computed);
            visit.written(postNanos);
            triton.answered(queued, computed, postNanos, whole);
            histograms.queue().observe(queued * NANOS);
            histograms.infer().observe(computed * NANOS);
            histograms.post().observe(postNanos * NANOS);
            histograms.request().observe(whole * NANOS);
        }

        /** All of it as Triton's statistics. */
        InferenceStatistics statistics() {
            var durations = new LinkedHashMap<String, InferenceStatistics.Duration>();
            durations.put(InferenceStatistics.SUCCESS, duration(histograms.request()));
            durations.put(
                    InferenceStatistics.FAIL, new InferenceStatistics.Duration(failures.sum(), failureNanos.sum()));
            durations.put(InferenceStatistics.QUEUE, duration(histograms.queue()));
            durations.put(InferenceStatistics.COMPUTE_INPUT, duration(histograms.tokenise()));
            durations.put(InferenceStatistics.COMPUTE_INFER, duration(histograms.infer()));
            durations.put(InferenceStatistics.COMPUTE_OUTPUT, duration(histograms.post()));
            durations.put(InferenceStatistics.CACHE_HIT, new InferenceStatistics.Duration(Math.round(hits.count()), 0));
            durations.put(
                    InferenceStatistics.CACHE_MISS, new InferenceStatistics.Duration(Math.round(misses.count()), 0));
            List<InferenceStatistics.Batch> sizes = batches.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(size -> new InferenceStatistics.Batch(
                            size.getKey(), size.getValue().sum()))
                    .toList();
            return new InferenceStatistics(
                    model,
                    version,
                    lastInference,
                    Math.round(histograms.batchRows().getSum()),
                    histograms.batchRows().getCount(),
                    durations,
                    sizes);
        }

        private static InferenceStatistics.Duration duration(DistributionDataPoint seconds) {
            return new InferenceStatistics.Duration(seconds.getCount(), Math.round(seconds.getSum() / NANOS));
        }

        /** One user less; the last one takes the figures out of what Prometheus reads. */
        @Override
        public synchronized void close() {
            users--;
            if (users == 0) {
                users = GONE;
                shared.remove(tags, this);
                watch.traffic().unwatch(model, waiting);
                meters.forEach(registry::remove);
                counters.remove("model", model, "version", version);
                spreads.remove(model, version);
            }
        }
    }

    /** Batches of one size. */
    private static final class BatchTimes {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(long took) {
            count.increment();
            nanos.add(took);
        }

        InferenceStatistics.Duration sum() {
            return new InferenceStatistics.Duration(count.sum(), nanos.sum());
        }
    }

    /** What is looked at when Prometheus asks. */
    private record Watched(Batcher batcher, PredictionCache cache) {}
}
