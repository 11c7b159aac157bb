package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.data.UnlabelledTexts;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.rewrite.InsertDropout;
import dev.graft.rewrite.LanguageModelHead;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.torch.Network;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** Trains an encoder to tell the hidden tokens of texts, under a head that is cut off afterwards. */
final class LanguageModelling {
    /** One text in so many says how well the others are learned, but no more than {@link #MOST_HELD}. */
    private static final int HELD = 20;

    private static final int MOST_HELD = 500;
    private static final int FEWEST = 20;

    /** Where its checkpoints lie among those of the run. */
    static final String PART = "language-model";

    private final TrainingJob job;
    private final Pretraining pretraining;
    private final List<String> texts;
    private final Function<Precision, TorchSettings> settings;

    private LanguageModelling(
            TrainingJob job, Pretraining pretraining, List<String> texts, Function<Precision, TorchSettings> settings) {
        this.job = job;
        this.pretraining = pretraining;
        this.texts = texts;
        this.settings = settings;
    }

    /**
     * Reads the texts.
     *
     * @throws InputException if they cannot be read
     */
    static LanguageModelling on(Pretraining pretraining, TrainingJob job, Function<Precision, TorchSettings> settings) {
        List<String> texts = UnlabelledTexts.read(pretraining.file(), job.task.text());
        return new LanguageModelling(job, pretraining, texts, settings);
    }

    /**
     * Trains, from the last checkpoint if there is one.
     *
     * @throws InputException if there are too few texts, or the tokenizer has no mask
     * @throws dev.graft.graph.GraphException if the graph has no vocabulary to predict
     * @throws Interrupted if the run was asked to stop
     */
    EncoderTraining.Tuned tuned(Graph trunk, TextEncoder encoder, Checkpoints checkpoints) {
        Graph headed = new LanguageModelHead().apply(trunk);
        int mask = encoder.maskId()
                .orElseThrow(
                        () -> new InputException(
                                "The model's tokenizer has no mask token, such as [MASK] or <mask>,"
                                        + " so hidden tokens cannot be shown to it; leave --unlabelled out, or take another model"));
        Set<Integer> untouched = untouched(encoder);
        List<Encoding> encodings = new ArrayList<>(encoder.encode(texts));
        encodings.removeIf(encoding -> Arrays.stream(encoding.ids()).allMatch(untouched::contains));
        Collections.shuffle(encodings, new Random(job.seed));
        if (encodings.size() < FEWEST) {
            throw new InputException(pretraining.file() + " has " + encodings.size() + " texts to learn from; " + FEWEST
                    + " are needed at least, and thousands are of use");
        }
        int held = Math.min(MOST_HELD, encodings.size() / HELD);
        List<String> inputs = trunk.inputs().stream().map(ValueInfo::name).toList();
        Policy policy = pretraining.policy(job.numbers(), job.seed);
        Function<List<Encoding>, MaskedRows> rows =
                part -> new MaskedRows(part, encoder, inputs, untouched, mask, pretraining.share(), job.seed);
        MaskedRows learned = rows.apply(encodings.subList(held, encodings.size()));
        var validation = new MaskedValidation(rows.apply(encodings.subList(0, held)), policy.batchSize());
        job.listener.stage("masked-language modelling first: at most " + policy.epochs() + " epochs over "
                + learned.size() + " texts; " + held + " others say how well");
        return train(trunk, headed, learned, validation, policy, checkpoints);
    }

    private EncoderTraining.Tuned train(
            Graph trunk, Graph headed, MaskedRows rows, Validation validation, Policy policy, Checkpoints checkpoints) {
        var binding = Fusion.standard().then(new InsertDropout(policy.dropout()));
        try (Network network = new Torch(settings.apply(job.precision), binding).prepare(headed)) {
            History history = new Training(
                            network, headed, rows, validation, policy, checkpoints, job.listener, job.interrupted)
                    .run();
            return new EncoderTraining.Tuned(EncoderTraining.under(trunk, network.weights()), history);
        }
    }

    /** What the tokenizer puts around every text. */
    private static Set<Integer> untouched(TextEncoder encoder) {
        Set<Integer> untouched = new HashSet<>(Set.of(encoder.padId()));
        Arrays.stream(encoder.encode("").ids()).forEach(untouched::add);
        return untouched;
    }
}
