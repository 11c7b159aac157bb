package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.KnownModel;
import dev.graft.torch.Device;
import dev.graft.torch.Precision;
import dev.graft.torch.TorchSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        description =
                "Shows inputs, outputs, operators, weights, multiply-adds, blocks with their depth, and what can be"
                        + " trained.")
final class InspectCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "BUNDLE|MODEL", description = "A bundle, an .onnx file, or a name that train takes.")
    private String model = "";

    @Option(
            names = "--shape",
            paramLabel = "NAME=SIZES",
            description = "Shape of an input to count multiply-adds for, as input=1,3,224,224; may be repeated."
                    + " Named dimensions are 1 otherwise.")
    private List<String> shapes = new ArrayList<>();

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
        machine.requireDevice();
        Graph graph = Onnx.read(file());
        if (nodes && !common.json) {
            console.answer(graph.toString().stripTrailing());
            return 0;
        }
        TorchSettings settings = new TorchSettings(Device.CPU, machine.threads(), Precision.FP32, this::unpacking);
        Inspection inspection = Inspection.of(graph, shapes, settings);
        console.answer((common.json ? Json.text(inspection) : InspectionText.of(inspection)).stripTrailing());
        return 0;
    }

    private void unpacking(Path folder) {
        console.say("unpacking native libraries into " + folder + "; this happens once");
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
}
