package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphSummary;
import dev.graft.graph.Onnx;
import dev.graft.graph.ValueInfo;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.KnownModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft inspect}: what is inside a model. */
@Command(
        name = "inspect",
        footer = {"Example: graft inspect support-model", ""},
        customSynopsis = "graft inspect BUNDLE|MODEL [OPTION]...",
        sortOptions = false,
        description = "Shows inputs, outputs, operators, blocks with their depth, weights and what would train.")
final class InspectCommand implements Callable<Integer> {
    private static final double MEGABYTE = 1 << 20;

    private final Console console;

    @Parameters(paramLabel = "BUNDLE|MODEL", description = "A bundle, an .onnx file, or a name that train takes.")
    private String model = "";

    @Option(names = "--nodes", description = "Print every node in ONNX's text form.")
    private boolean nodes;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        Graph graph = Onnx.read(file());
        GraphSummary summary = GraphSummary.of(graph);
        if (common.json) {
            console.answer(Json.text(new Inspection(
                            graph.opset(),
                            Lines.shapes(summary.inputs()),
                            Lines.shapes(summary.outputs()),
                            summary.operators(),
                            summary.total(),
                            summary.blocks(),
                            summary.depths()))
                    .stripTrailing());
        } else if (nodes) {
            console.answer(graph.toString().stripTrailing());
        } else {
            tell(graph, summary);
        }
        return 0;
    }

    private Path file() {
        Path path = Path.of(model);
        if (Files.isRegularFile(path.resolve(dev.graft.bundle.Manifest.FILE))) {
            return Bundle.open(path).file(Bundle.MODEL);
        }
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isDirectory(path) || KnownModel.named(model).isPresent() || model.startsWith("hf:")) {
            HubSettings settings = HubSettings.fromEnvironment().withListener(new DownloadProgress(console));
            return new Hub(machine.offline ? settings.withOffline(true) : settings)
                    .resolve(model)
                    .model();
        }
        throw new InputException("There is no bundle, file or known model '" + model + "'");
    }

    private void tell(Graph graph, GraphSummary summary) {
        console.answer("ONNX operator set " + graph.opset() + ", "
                + graph.nodes().size() + " nodes, " + weights(summary.total()));
        console.answer("");
        console.answer("inputs");
        summary.inputs().forEach(input -> console.answer("  " + input.name() + "  " + GraphSummary.shape(input)));
        console.answer("outputs");
        summary.outputs().forEach(output -> console.answer("  " + output.name() + "  " + GraphSummary.shape(output)));
        console.answer("operators");
        console.answer("  " + Lines.operators(summary.operators()));
        console.answer("weights that can learn, by depth");
        summary.depths()
                .forEach((depth, weights) -> console.answer(String.format(
                        Locale.ROOT, "  %3d  %-11s %s", depth, depthName(depth, summary.blocks()), weights(weights))));
    }

    private static String depthName(int depth, int blocks) {
        if (blocks == 0) {
            return "all";
        }
        return depth == 0 ? "embeddings" : depth <= blocks ? "block " + depth : "head";
    }

    private static String weights(GraphSummary.Weights weights) {
        return String.format(
                Locale.ROOT,
                "%d weights, %,d numbers, %.1f MB",
                weights.arrays(),
                weights.elements(),
                weights.bytes() / MEGABYTE);
    }

    /** Parts of the answer. */
    private static final class Lines {
        static Map<String, String> shapes(List<ValueInfo> values) {
            Map<String, String> shapes = new TreeMap<>();
            values.forEach(value -> shapes.put(value.name(), GraphSummary.shape(value)));
            return shapes;
        }

        static String operators(Map<String, Integer> operators) {
            StringBuilder text = new StringBuilder();
            operators.forEach((name, count) -> text.append(text.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(' ')
                    .append(count));
            return text.toString();
        }
    }

    private record Inspection(
            long opset,
            Map<String, String> inputs,
            Map<String, String> outputs,
            Map<String, Integer> operators,
            GraphSummary.Weights weights,
            int blocks,
            Map<Integer, GraphSummary.Weights> depths) {}
}
