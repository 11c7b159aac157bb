package dev.graft.cli;

import dev.graft.InputException;
import dev.graft.bundle.Json;
import dev.graft.hub.AdapterFile;
import dev.graft.hub.AdapterFolder;
import dev.graft.hub.Hub;
import dev.graft.hub.HubSettings;
import dev.graft.hub.Pretrained;
import dev.graft.predict.Predictor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft merge}: an adapter and its base to the bundle that was trained. */
@Command(
        name = "merge",
        footer = {"Example: graft merge support-adapter --output support-model", ""},
        customSynopsis = "graft merge ADAPTER --output BUNDLE [--model NAME|PATH] [OPTION]...",
        sortOptions = false,
        description = "Makes the bundle again of the adapter that graft train --save-adapter wrote and its base.")
final class MergeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "ADAPTER", description = "The folder that --save-adapter named.")
    private Path adapter = Path.of("");

    @Option(names = "--output", paramLabel = "BUNDLE", required = true, description = "A new folder for the bundle.")
    private Path output = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "NAME|PATH",
            description = "The model that the adapter was made for; else the one that it names.")
    private @Nullable String model;

    @Option(
            names = "--keep-adapter",
            description = "Leave the adapter beside the weights rather than taking it into them.")
    private boolean keep;

    @Option(names = "--offline", description = "Open no network connection.")
    private boolean offline;

    @Mixin
    private CommonOptions common = new CommonOptions();

    MergeCommand(Console console) {
        this.console = console;
    }

    /** What {@code --json} prints. */
    private record Merged(String bundle, String base, boolean adapterKept) {}

    @Override
    public Integer call() {
        console.beQuiet(common.quiet);
        if (output.getFileName() == null) {
            throw new InputException("--output must name a folder to be made, not " + output);
        }
        AdapterFile file = AdapterFile.read(adapter);
        HubSettings settings = HubSettings.fromEnvironment().withListener(new DownloadProgress(console));
        String name = model == null ? file.base() : model;
        Pretrained base = new Hub(offline ? settings.withOffline(true) : settings).resolve(name);
        AdapterFolder.bundle(adapter, base, keep, output);
        Predictor.open(output).close();
        if (common.json) {
            console.answer(Json.text(new Merged(output.toString(), name, keep)).stripTrailing());
        } else {
            console.answer("bundle: " + output);
            console.answer("next: graft predict " + output + " \"a text of your own\"");
        }
        return 0;
    }
}
