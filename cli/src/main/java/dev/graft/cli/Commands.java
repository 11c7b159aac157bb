package dev.graft.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All commands, in the order in which help shows them. */
final class Commands {
    private Commands() {}

    static CommandLine all(Console console, Interruption interruption) {
        return new CommandLine(new Graft())
                .addSubcommand("train", new TrainCommand(console, interruption))
                .addSubcommand("predict", new PredictCommand(console))
                .addSubcommand("evaluate", new EvaluateCommand(console))
                .addSubcommand("inspect", new InspectCommand(console))
                .addSubcommand("models", new ModelsCommand(console))
                .addSubcommand("doctor", new DoctorCommand(console))
                .addSubcommand("help", new HelpCommand())
                .setOut(writer(console.out()))
                .setErr(writer(console.err()))
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** The program itself, when no command is named. */
    @Command(
            name = "graft",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Fine-tunes pretrained ONNX models on labelled examples.",
            footer = {"", "Begin with:", "  graft train examples/support.csv", "  graft help train"})
    static final class Graft implements Runnable {
        @Spec
        private CommandSpec spec;

        Graft() {
            this.spec = CommandSpec.create();
        }

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "no command given");
        }
    }
}
