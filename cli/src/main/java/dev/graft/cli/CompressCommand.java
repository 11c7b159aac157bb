package dev.graft.cli;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.BundleWriter;
import dev.graft.predict.GraphReplacement;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft compress}: a bundle whose graph another tool has made smaller. */
@Command(
        name = "compress",
        footer = {"Example: graft compress support-model --graph model-int8.onnx --output support-int8", ""},
        customSynopsis = "graft compress BUNDLE --graph FILE --output FOLDER [OPTION]...",
        sortOptions = false,
        description = "Puts another graph of the same model into a bundle's place, for example one that ONNX Runtime's"
                + " tool has quantised. The examples that are replayed at every start become the new graph's.")
final class CompressCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "The folder that graft train wrote.")
    private Path bundle = Path.of("");

    @Option(
            names = "--graph",
            required = true,
            paramLabel = "FILE",
            description = "An ONNX file with the inputs and the labels of the bundle's own.")
    private Path graph = Path.of("");

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the new bundle goes; nothing may stand there.")
    private Path output = Path.of("");

    @Mixin
    private CommonOptions common = new CommonOptions();

    CompressCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        BundleWriter.requireFree(output, false);
        GraphReplacement replacement = GraphReplacement.of(Bundle.open(bundle), graph);
        replacement.write(output);
        int examples = replacement.parity().examples().size();
        if (common.json) {
            console.answer(String.format(
                    Locale.ROOT,
                    "{\"bundle\": \"%s\", \"examples\": %d, \"same_labels\": %d, \"largest_difference\": %.6f}",
                    output.toString().replace("\\", "\\\\").replace("\"", "\\\""),
                    examples,
                    replacement.sameLabels(),
                    replacement.difference()));
        }
        console.say(String.format(
                Locale.ROOT,
                "%d of %d parity examples get the label they had; the largest difference of a logit is %.4f",
                replacement.sameLabels(),
                examples,
                replacement.difference()));
        console.say("the bundle is in " + output + "; its scores are the old graph's: `graft evaluate " + output
                + " DATA` says what the new one reaches");
        return 0;
    }
}
