package dev.graft.serve;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/**
 * How figures of models spread, as Prometheus' own client counts them: Micrometer's histograms round each figure up to a
 * whole number before they look for its bucket, so that half a second and a millisecond are the same to them.
 */
final class Histograms {
    private static final double[] SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    private static final double[] TOKENS = {16, 64, 256, 1_024, 4_096, 16_384, 65_536};
    private static final double[] SHARES = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1};

    private final Histogram request;
    private final Histogram tokenise;
    private final Histogram queue;
    private final Histogram infer;
    private final Histogram post;
    private final Histogram batchRows;
    private final Histogram batchTokens;
    private final Histogram padding;

    /** Those of one version of a model. */
    record OfModel(
            DistributionDataPoint request,
            DistributionDataPoint tokenise,
            DistributionDataPoint queue,
            DistributionDataPoint infer,
            DistributionDataPoint post,
            DistributionDataPoint batchRows,
            DistributionDataPoint batchTokens,
            DistributionDataPoint padding) {}

    Histograms(PrometheusRegistry registry) {
        this.request = histogram("te_request_duration", SECONDS, registry);
        this.tokenise = histogram("te_request_tokenization_duration", SECONDS, registry);
        this.queue = histogram("te_request_queue_duration", SECONDS, registry);
        this.infer = histogram("te_request_inference_duration", SECONDS, registry);
        this.post = histogram("graft_request_post_duration", SECONDS, registry);
        this.batchRows = histogram("te_batch_next_size", SIZES, registry);
        this.batchTokens = histogram("te_batch_next_tokens", TOKENS, registry);
        this.padding = histogram("graft_batch_padding_share", SHARES, registry);
    }

    private static Histogram histogram(String name, double[] bounds, PrometheusRegistry registry) {
        return Histogram.builder()
                .name(name)
                .labelNames("model", "version")
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .register(registry);
    }

    /** Begins those of a version of a model, or goes on with them. */
    OfModel of(String model, String version) {
        return new OfModel(
                request.labelValues(model, version),
                tokenise.labelValues(model, version),
                queue.labelValues(model, version),
                infer.labelValues(model, version),
                post.labelValues(model, version),
                batchRows.labelValues(model, version),
                batchTokens.labelValues(model, version),
                padding.labelValues(model, version));
    }

    /** Takes those of a version of a model out of what Prometheus reads. */
    void remove(String model, String version) {
        List.of(request, tokenise, queue, infer, post, batchRows, batchTokens, padding)
                .forEach(each -> each.remove(model, version));
    }
}
