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
        if (job.task.table().all() > job.task.table().rows().size()) {
            options.put("max-train-samples", job.task.table().rows().size());
        }
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
        options.put("max-length", recipe.maxLength());
        options.putAll(
                job.members.isEmpty()
                        ? Effects.of(job, strategy, policy).spelled(usual -> recipe)
                        : Effects.of(job).spelled(job.recipe));
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
