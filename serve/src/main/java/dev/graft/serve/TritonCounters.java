package dev.graft.serve;

import java.util.concurrent.atomic.LongAdder;

/**
 * What Triton's users look for: counts, and sums of microseconds, of one version of a model.
 *
 * <p>Source: Triton Inference Server's user guide, <i>Metrics</i>.
 */
final class TritonCounters {
    private static final long NANOS_A_MICRO = 1_000;

    private final LongAdder success;
    private final LongAdder failure;
    private final LongAdder inferences;
    private final LongAdder executions;
    private final LongAdder request;
    private final LongAdder queue;
    private final LongAdder input;
    private final LongAdder infer;
    private final LongAdder output;
    private final LongAdder hits;
    private final LongAdder misses;

    TritonCounters(PlainCounters counters, String... labels) {
        this.success = counters.of("nv_inference_request_success", labels);
        this.failure = counters.of("nv_inference_request_failure", labels);
        this.inferences = counters.of("nv_inference_count", labels);
        this.executions = counters.of("nv_inference_exec_count", labels);
        this.request = counters.of("nv_inference_request_duration_us", labels);
        this.queue = counters.of("nv_inference_queue_duration_us", labels);
        this.input = counters.of("nv_inference_compute_input_duration_us", labels);
        this.infer = counters.of("nv_inference_compute_infer_duration_us", labels);
        this.output = counters.of("nv_inference_compute_output_duration_us", labels);
        this.hits = counters.of("nv_cache_num_hits_per_model", labels);
        this.misses = counters.of("nv_cache_num_misses_per_model", labels);
    }

    void failed() {
        failure.increment();
    }

    void tokenised(long nanos) {
        input.add(nanos / NANOS_A_MICRO);
    }

    void cache(boolean hit) {
        (hit ? hits : misses).increment();
    }

    void batch(int rows) {
        inferences.add(rows);
        executions.increment();
    }

    void answered(long queueNanos, long inferNanos, long postNanos, long wholeNanos) {
        success.increment();
        queue.add(queueNanos / NANOS_A_MICRO);
        infer.add(inferNanos / NANOS_A_MICRO);
        output.add(postNanos / NANOS_A_MICRO);
        request.add(wholeNanos / NANOS_A_MICRO);
    }
}
