package dev.graft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.data.LabelWords;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run's options as YAML, from which {@code graft train --config} repeats it. */
final class PolicyFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private PolicyFile() {}

    /**
     * The options of a run.
     *
     * @param strategy that was followed, be it asked for or chosen
     * @param recipe that it was followed under
     */
    static String of(TrainingJob job, Strategy strategy, Recipe recipe, Policy policy) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("data", job.task.table().file().toString());
        job.test.ifPresent(table -> options.put("test", table.file().toString()));
        job.task.text().ifPresent(column -> options.put("text", column));
        job.task.label().ifPresent(column -> options.put("label", column));
        job.task.wanted().kind().ifPresent(kind -> options.put("task", kind.spelled()));
        job.task.wanted().separator().ifPresent(sign -> options.put("label-separator", sign));
        if (!job.task.wanted().order().isEmpty()) {
            options.put("order", String.join(",", job.task.wanted().order()));
        }
        job.labels.ifPresent(words -> options.put("labels", words.file().toString()));
        job.pretraining.ifPresent(before -> {
            options.put("unlabelled", before.file().toString());
            options.put("pretrain-epochs", before.epochs());
        });
        options.put("model", job.model);
        options.put("strategy", strategy.spelled());
        if (!job.members.isEmpty()) {
            options.put("ensemble", Member.text(job.members));
        }
        options.put("learning-rate", recipe.learningRate());
        options.put("epochs", recipe.epochs());
        options.put("batch-size", recipe.batchSize());
        options.put("max-length", recipe.maxLength());
        options.put("warmup-ratio", recipe.warmup().ratio());
        options.put("warmup-steps", recipe.warmup().steps());
        options.put("lr-scheduler-type", recipe.scheduler().name());
        options.put("lr-scheduler-kwargs", recipe.scheduler().spelledArguments());
        options.put("optim", recipe.techniques().optimizer().name());
        options.put("optim-args", recipe.techniques().optimizer().spelledArguments());
        options.put("loss", recipe.techniques().loss().name());
        options.put("loss-args", recipe.techniques().loss().spelledArguments());
        options.put("class-weight", recipe.techniques().classWeight().spelled());
        options.put("sampler", recipe.techniques().sampler().spelled());
        Regularisers regularisers = recipe.techniques().regularisers();
        options.put("weight-decay", recipe.weightDecay());
        options.put("classifier-dropout", regularisers.headDropout().orElse(recipe.dropout()));
        options.put("l2-sp", regularisers.l2Sp());
        options.put("mixup", regularisers.mixup());
        options.put("label-smoothing", recipe.labelSmoothing());
        options.put("dropout", recipe.dropout());
        options.put("gradient-accumulation", recipe.gradientAccumulation());
        options.put("max-grad-norm", recipe.maxGradNorm());
        options.put("metric-for-best-model", recipe.techniques().metric().spelled());
        options.put("early-stopping-patience", recipe.earlyStoppingPatience());
        options.put("layer-decay", recipe.layerDecay());
        options.put("head-learning-rate", recipe.headLearningRate());
        options.put("weight-averaging", recipe.weightAveraging().spelled());
        options.put("allow-negative-transfer", job.allowNegativeTransfer);
        if (job.adapter.isPresent()) {
            options.put("adapter", job.adapter.get().toString());
        } else {
            policy.adapter().ifPresent(method -> options.putAll(job.adapterOptions.spelled(method)));
        }
        if (job.keepAdapter) {
            options.put("keep-adapter", true);
        }
        options.put("precision", job.precision.spelled());
        options.put("validation-share", Corpora.validationShare(job, policy));
        options.put("test-share", job.testShare);
        options.put("cache-size", job.featureCache.bytes());
        options.put("seed", job.seed);
        options.put("threads", job.threads);
        return text(options);
    }

    /** The options of a run without rows. */
    static String of(LabelWords words, String model, int maxLength, int threads) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("labels", words.file().toString());
        options.put("model", model);
        options.put("strategy", Strategy.ZERO_SHOT.spelled());
        options.put("max-length", maxLength);
        options.put("threads", threads);
        return text(options);
    }

    private static String text(Map<String, Object> options) {
        try {
            return YAML.writeValueAsString(options);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
