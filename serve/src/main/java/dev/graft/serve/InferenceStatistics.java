package dev.graft.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import inference.InferBatchStatistics;
import inference.InferStatistics;
import inference.ModelStatistics;
import inference.StatisticDuration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one version of a model has done so far, as Triton's statistics extension tells it.
 *
 * <p>{@code queue} and the parts of computing are counted once a request, a request's rows by the slowest of them;
 * {@code compute_input} is tokenising, {@code compute_output} the making of the answer.
 *
 * @param lastInference milliseconds since 1970; 0 before the first
 * @param inferences texts that were computed
 * @param executions batches
 * @param durations by Triton's names, in its order
 * @param batches computing times by batch size
 */
record InferenceStatistics(
        String model,
        String version,
        long lastInference,
        long inferences,
        long executions,
        Map<String, Duration> durations,
        List<Batch> batches) {
    static final String SUCCESS = "success";
    static final String FAIL = "fail";
    static final String QUEUE = "queue";
    static final String COMPUTE_INPUT = "compute_input";
    static final String COMPUTE_INFER = "compute_infer";
    static final String COMPUTE_OUTPUT = "compute_output";
    static final String CACHE_HIT = "cache_hit";
    static final String CACHE_MISS = "cache_miss";

    private static final Duration NOTHING = new Duration(0, 0);

    /** How often something was done, and how long it took in all. */
    record Duration(long count, long nanos) {
        private void write(JsonGenerator json, String name) throws IOException {
            json.writeObjectFieldStart(name);
            json.writeNumberField("count", count);
            json.writeNumberField("ns", nanos);
            json.writeEndObject();
        }

        private StatisticDuration message() {
            return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
        }
    }

    /** Batches of one size. */
    record Batch(int rows, Duration computing) {}

    InferenceStatistics {
        durations = new LinkedHashMap<>(durations);
        batches = List.copyOf(batches);
    }

    /** Writes it as Triton's HTTP interface does. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", model);
        json.writeStringField("version", version);
        json.writeNumberField("last_inference", lastInference);
        json.writeNumberField("inference_count", inferences);
        json.writeNumberField("execution_count", executions);
        json.writeObjectFieldStart("inference_stats");
        for (Map.Entry<String, Duration> each : durations.entrySet()) {
            each.getValue().write(json, each.getKey());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("batch_stats");
        for (Batch batch : batches) {
            json.writeStartObject();
            json.writeNumberField("batch_size", batch.rows());
            NOTHING.write(json, COMPUTE_INPUT);
            batch.computing().write(json, COMPUTE_INFER);
            NOTHING.write(json, COMPUTE_OUTPUT);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The same as Triton's gRPC interface tells it. */
    ModelStatistics message() {
        ModelStatistics.Builder message = ModelStatistics.newBuilder()
                .setName(model)
                .setVersion(version)
                .setLastInference(lastInference)
                .setInferenceCount(inferences)
                .setExecutionCount(executions)
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(of(SUCCESS))
                        .setFail(of(FAIL))
                        .setQueue(of(QUEUE))
                        .setComputeInput(of(COMPUTE_INPUT))
                        .setComputeInfer(of(COMPUTE_INFER))
                        .setComputeOutput(of(COMPUTE_OUTPUT))
                        .setCacheHit(of(CACHE_HIT))
                        .setCacheMiss(of(CACHE_MISS)));
        for (Batch batch : batches) {
            message.addBatchStats(InferBatchStatistics.newBuilder()
                    .setBatchSize(batch.rows())
                    .setComputeInput(NOTHING.message())
                    .setComputeInfer(batch.computing().message())
                    .setComputeOutput(NOTHING.message()));
        }
        return message.build();
    }

    private StatisticDuration of(String name) {
        return durations.getOrDefault(name, NOTHING).message();
    }
}
