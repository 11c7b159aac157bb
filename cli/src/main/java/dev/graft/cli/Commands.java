package dev.graft.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** All commands, in the order in which help shows them. */
final class Commands {
    private Commands() {}

    static CommandLine all(Console console, Interruption interruption) {
        CommandLine all = new CommandLine(new Graft())
                .addSubcommand("train", new TrainCommand(console, interruption))
                .addSubcommand("plan", new PlanCommand(console))
                .addSubcommand("predict", new PredictCommand(console))
                .addSubcommand("evaluate", new EvaluateCommand(console))
                .addSubcommand("compress", new CompressCommand(console))
                .addSubcommand("serve", new ServeCommand(console, interruption))
                .addSubcommand("inspect", new InspectCommand(console))
                .addSubcommand("models", new ModelsCommand(console))
                .addSubcommand("merge", new MergeCommand(console))
                .addSubcommand("doctor", new DoctorCommand(console))
                .addSubcommand("help", new HelpCommand())
                .setOut(writer(console.out()))
                .setErr(writer(console.err()))
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> execute(parsed, console));
        all.getSubcommands().values().forEach(Commands::beginWithExample);
        return all;
    }

    private static int execute(ParseResult parsed, Console console) {
        ParseResult command = parsed.subcommand();
        if (command != null && command.hasMatchedOption("--print-config")) {
            console.answer(
                    Configuration.print(command.commandSpec().commandLine()).stripTrailing());
            return 0;
        }
        return new RunLast().execute(parsed);
    }

    /** Lets help open with the example, which stands in the footer so that lists of commands do not show it. */
    private static void beginWithExample(CommandLine command) {
        List<String> sections = new ArrayList<>(command.getHelpSectionKeys());
        sections.remove(UsageMessageSpec.SECTION_KEY_FOOTER);
        sections.add(0, UsageMessageSpec.SECTION_KEY_FOOTER);
        command.setHelpSectionKeys(sections);
        command.getSubcommands().values().forEach(Commands::beginWithExample);
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
