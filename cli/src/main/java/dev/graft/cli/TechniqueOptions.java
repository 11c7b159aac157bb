package dev.graft.cli;

import dev.graft.train.BestMetric;
import dev.graft.train.Choice;
import dev.graft.train.ClassWeight;
import dev.graft.train.Regularisers;
import dev.graft.train.Sampler;
import dev.graft.train.Techniques;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every strategy may be combined with, under Hugging Face's names. */
final class TechniqueOptions {
    @Option(
            names = "--optim",
            paramLabel = "NAME",
            defaultValue = "adamw_torch",
            description =
                    "What moves the weights: adamw_torch, adamw_bf16, sgd, adafactor or lion (default: ${DEFAULT-VALUE}).")
    private String optimizer = "";

    @Option(
            names = "--optim-args",
            paramLabel = "NAME=VALUE,...",
            defaultValue = "",
            description = "Numbers of the optimizer, such as momentum=0.8,nesterov=true (default: its usual ones).")
    private String optimizerArguments = "";

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "cross_entropy",
            description = "What is made small: cross_entropy, focal, r_drop or supervised_contrastive"
                    + " (default: ${DEFAULT-VALUE}).")
    private String loss = "";

    @Option(
            names = "--loss-args",
            paramLabel = "NAME=VALUE,...",
            defaultValue = "",
            description = "Numbers of the loss, such as gamma=2 (default: its usual ones).")
    private String lossArguments = "";

    @Option(
            names = "--class-weight",
            paramLabel = "NAME",
            defaultValue = "none",
            description = "What a label's rows count in the loss: none, all the same; balanced, the less the more there"
                    + " are; or by hand, urgent=2,other=0.5 (default: ${DEFAULT-VALUE}).")
    private String classWeight = "";

    @Option(
            names = "--sampler",
            paramLabel = "NAME",
            defaultValue = "natural",
            description = "Which rows an epoch shows: natural, each once; balanced, as many of each label"
                    + " (default: ${DEFAULT-VALUE}).")
    private String sampler = "";

    @Option(
            names = "--classifier-dropout",
            paramLabel = "X",
            description = "Share of the values that the head reads, zeroed in training (default: that of --dropout).")
    private @Nullable Double classifierDropout;

    @Option(
            names = "--l2-sp",
            paramLabel = "X",
            defaultValue = "0",
            description = "How strongly weights are pulled back to where they began; 0 turns it off"
                    + " (default: ${DEFAULT-VALUE}).")
    private double l2Sp;

    @Option(
            names = "--mixup",
            paramLabel = "ALPHA",
            defaultValue = "0",
            description = "Mix the vectors of two rows by a share of Beta(ALPHA, ALPHA); 0 turns it off"
                    + " (default: ${DEFAULT-VALUE}).")
    private double mixup;

    @Option(
            names = "--layerdrop",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "How probable it is that a step leaves out a block of the network (default: ${DEFAULT-VALUE}).")
    private double layerDrop;

    @Option(
            names = "--mixout",
            paramLabel = "X",
            defaultValue = "0",
            description = "How probable it is that a number of a linear layer is what it was before training, in a step"
                    + " (default: ${DEFAULT-VALUE}).")
    private double mixout;

    @Option(
            names = "--neftune-noise-alpha",
            paramLabel = "X",
            defaultValue = "0",
            description = "How strong the noise on word embeddings is in training, 5 is usual; 0 adds none"
                    + " (default: ${DEFAULT-VALUE}).")
    private double noise;

    @Option(
            names = "--metric-for-best-model",
            paramLabel = "NAME",
            description =
                    "By what the best epoch is chosen and training stops early: loss, or a score of the validation"
                            + " rows as scores.json names it, such as macro_f1 (default: the one that decides for the task).")
    private @Nullable String metric;

    private Regularisers regularisers() {
        OptionalDouble head = classifierDropout == null ? OptionalDouble.empty() : OptionalDouble.of(classifierDropout);
        return new Regularisers(head, l2Sp, mixup, layerDrop, mixout, noise);
    }

    Techniques techniques() {
        return new Techniques(
                Choice.parse(optimizer, optimizerArguments, "--optim-args"),
                Choice.parse(loss, lossArguments, "--loss-args"),
                ClassWeight.named(classWeight),
                Sampler.named(sampler),
                regularisers(),
                metric == null ? BestMetric.USUAL : BestMetric.named(metric));
    }
}
