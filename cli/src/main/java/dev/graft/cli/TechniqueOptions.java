package dev.graft.cli;

import dev.graft.train.Choice;
import dev.graft.train.Techniques;
import picocli.CommandLine.Option;

/** What every strategy may be combined with, under Hugging Face's names. */
final class TechniqueOptions {
    @Option(
            names = "--optim",
            paramLabel = "NAME",
            defaultValue = "adamw_torch",
            description = "What moves the weights: adamw_torch, sgd, adafactor or lion (default: ${DEFAULT-VALUE}).")
    private String optimizer = "";

    @Option(
            names = "--optim-args",
            paramLabel = "NAME=VALUE,...",
            defaultValue = "",
            description = "Numbers of the optimizer, such as momentum=0.8,nesterov=true (default: its usual ones).")
    private String optimizerArguments = "";

    Techniques techniques() {
        return new Techniques(Choice.parse(optimizer, optimizerArguments, "--optim-args"));
    }
}
