package dev.graft.cli;

import dev.graft.train.AdapterOptions;
import dev.graft.train.TrainingJob;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of an adapter, under PEFT's names where it has them. */
final class AdapterParameters {
    @Option(
            names = "--lora-rank",
            paramLabel = "N",
            defaultValue = "8",
            description = "Rank of the branches of lora and dora (default: ${DEFAULT-VALUE}).")
    int rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "X",
            defaultValue = "16",
            description = "The branches' factor is this by the rank (default: ${DEFAULT-VALUE}).")
    double alpha;

    @Option(
            names = "--lora-dropout",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Share of a branch's operand zeroed in training (default: ${DEFAULT-VALUE}).")
    double dropout;

    @Option(
            names = "--lora-target-modules",
            paramLabel = "NAMES",
            description = "Layers that get branches: names apart by commas, all-linear, or a selector"
                    + " (default: queries and values).")
    @Nullable
    String targets;

    @Option(
            names = "--adapter-width",
            paramLabel = "N",
            defaultValue = "24",
            description = "Width of the layers of bottleneck (default: ${DEFAULT-VALUE}).")
    int width;

    @Option(
            names = "--adapter-placement",
            paramLabel = "NAME",
            defaultValue = "houlsby",
            description = "Where bottleneck puts its layers: houlsby, behind attention and feed-forward part; pfeiffer,"
                    + " behind the latter (default: ${DEFAULT-VALUE}).")
    String placement = "";

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Go on from an adapter that --save-adapter wrote, with its strategy and labels.")
    @Nullable
    Path adapter;

    @Option(
            names = "--save-adapter",
            paramLabel = "DIR",
            description = "Also write the adapter and the head alone, as PEFT reads them.")
    @Nullable
    Path saveAdapter;

    @Option(
            names = "--keep-adapter",
            description = "Leave the adapter beside the weights in the bundle rather than taking it into them.")
    boolean keep;

    void set(TrainingJob job) {
        job.adapterOptions(new AdapterOptions(rank, alpha, dropout, Optional.ofNullable(targets), width, placement))
                .keepAdapter(keep);
        if (adapter != null) {
            job.adapter(adapter);
        }
        if (saveAdapter != null) {
            job.saveAdapter(saveAdapter);
        }
    }
}
